using LlmMath.Engines;
using LlmMath.Speed.Pass;

namespace LlmMath.Speed.Serving;

/// <summary>The passes that serving is made of, in seconds.</summary>
internal readonly record struct ServingPasses
{
    // Nearer to one, the queue of a closed loop is not that of endless arrivals.
    private const double MostBusy = 0.9;

    /// <summary>A pass that only writes.</summary>
    public required PassTime Step { get; init; }

    /// <summary>Prefill of one prompt with nothing beside it.</summary>
    public required PassTime Prefill { get; init; }

    /// <summary>The mean pass while requests come and go, with the prompts that fall on it.</summary>
    public required double MeanStep { get; init; }

    /// <summary>Reading one's own prompt, with what the engine does beside it.</summary>
    public required double Own { get; init; }

    /// <summary>A pass that reads a prompt, with what is written in it.</summary>
    public required double Reading { get; init; }

    /// <summary>Waiting for prompts that came before.</summary>
    public required double Queue { get; init; }

    /// <summary>Reading the prompts of all requests at once.</summary>
    public required PromptBurst Burst { get; init; }

    /// <summary>
    /// Continuous batching in its steady state. With r running and o tokens an answer, of which a step yields y, λ = (r − 1) · y
    /// ÷ o prompts of others arrive a step, and d = λ · p of their tokens are read.
    /// Together with writing, in a pass of at most B tokens: b = B − r · t of them are free; a pass that reads carries g = min(b,
    /// max(p, d)) tokens, and d ÷ g of the passes read: mean = (1 − d ÷ g) · T(r, 0) + d ÷ g · T(r, g). Where more arrive than
    /// fits, only n of r write, so that n writing and their prompts fill the pass: (n − 1) · y · p ÷ o = B − n · t.
    /// In passes of their own: mean = T(r, 0) + d ÷ g · T(0, g), with g = min(B, max(p, d)).
    /// A prompt waits for those before it that leave it no room, as in a queue with equal service times S and load ρ: S · ρ ÷ (2
    /// · (1 − ρ)) (Pollaczek and Khinchine); not at all where a pass has room for all prompts.
    /// </summary>
    public static ServingPasses Of(
        in DeployedModel on, EngineConstants c, in ServingLoad load, double running, ServingWorking? working = null)
    {
        double tokens = 1 + load.Drafts, prompt = load.Prompt;
        var pass = new PassLoad
        {
            Sequences = running, TokensEach = tokens, Context = load.Cached + prompt + (load.Output / 2),
            Prompt = prompt, Cached = load.Cached,
        };
        PassTime step = Timed(on, c, pass, "decode", working);
        PassTime prefill = PrefillOf(on, c, load, working);
        double others = running - 1, arriving = others * load.Yield / load.Output * prompt;
        ServingPasses alone = new()
        {
            Step = step, Prefill = prefill, MeanStep = step.Total, Own = prefill.Total, Queue = 0, Reading = prefill.Total,
            Burst = PromptBurst.Of(on, c, load, running, prefill, working),
        };
        if (others <= 0 || !load.Interleaves(on.ReadsPromptsApart))
        {
            return alone;
        }

        if (on.IsBound)
        {
            PassLoad least = pass with { PromptTokens = arriving * (1 - load.FirstRound), PromptsReadNothing = true };
            double mean = Timed(on, c, least, "step with prompts", working).Total;
            working?.Add("mean step", $"step with prompts: pass", mean);
            return alone with { MeanStep = mean };
        }

        double free = on.ReadsPromptsApart ? load.PassTokens : load.PassTokens - (running * tokens);
        return arriving > free && !on.ReadsPromptsApart
            ? Crowded(on, c, load, alone, pass, running, working)
            : Steady(on, c, load, alone, pass, arriving, free, working);
    }

    private static ServingPasses Steady(in DeployedModel on, EngineConstants c, in ServingLoad load, in ServingPasses alone,
        in PassLoad pass, double arriving, double free, ServingWorking? working)
    {
        PassLoad beside = on.ReadsPromptsApart ? pass.Reading : pass;
        double step = alone.Step.Total, chunk = Math.Min(free, Math.Max(load.Prompt, arriving)), share = arriving / chunk;
        double reads = Timed(on, c, beside with { PromptTokens = chunk }, "step with prompts", working).Total;
        double mean = on.ReadsPromptsApart ? step + (share * reads) : ((1 - share) * step) + (share * reads);
        if (on.ReadsPromptsApart)
        {
            working?.Add("mean step", $"decode: pass + {share:G6} × step with prompts: pass", mean);
        }
        else
        {
            working?.Add("mean step", $"(1 − {share:G6}) × decode: pass + {share:G6} × step with prompts: pass", mean);
        }

        // The pass that reads one's prompt carries what arrives with it, as far as there is room.
        double carried = Math.Min(free, load.Prompt + arriving) / chunk, passes = Math.Max(1, load.Prompt / free);
        double written = on.ReadsPromptsApart ? 0 : step, own = passes * (written + (carried * (reads - written)));
        double busy = on.ReadsPromptsApart ? share * reads / mean : arriving / free;
        double queue = QueueOf(load, free, busy, pass.Sequences) * reads;
        working?.Add("own prompt read", on.ReadsPromptsApart ? $"{passes * carried:G6} × step with prompts: pass"
            : (FormattableString)$"{passes:G6} × (decode: pass + {carried:G6} × (step with prompts: pass − decode: pass))", own);
        working?.Add("prompts before it", $"{queue / reads:G6} × step with prompts: pass", queue);
        return alone with { MeanStep = mean, Own = own, Queue = queue, Reading = reads };
    }

    // Passes that a prompt waits for those before it: as many of them as a pass has room for are read together.
    private static double QueueOf(in ServingLoad load, double free, double busy, double running)
    {
        double full = Math.Min(busy, MostBusy), each = Math.Min(1, load.Prompt / free);
        return Math.Min(full / (2 * (1 - full)) * each * Math.Max(1, load.Prompt / free),
            Math.Max(0, (running * load.Prompt / free) - 1) / 2);
    }

    // More prompts arrive than passes have room for: some of the requests write, the others are read or wait, as many as leave a
    // pass in the time that one stays (Little).
    private static ServingPasses Crowded(in DeployedModel on, EngineConstants c, in ServingLoad load, in ServingPasses alone,
        in PassLoad pass, double running, ServingWorking? working)
    {
        double each = load.Yield * load.Prompt / load.Output, tokens = 1 + load.Drafts;
        double writing = Math.Max(1, (load.PassTokens + each) / (tokens + each));
        double read = Math.Max(1, load.PassTokens - (writing * tokens));
        double mean = Timed(on, c, pass with { Sequences = writing, PromptTokens = read }, "step with prompts", working).Total;
        double passes = Math.Max(1, load.Prompt / read), own = passes * mean;
        double stays = load.Output / load.Yield * (running - writing) / writing;
        double queue = Math.Max(QueueOf(load, read, MostBusy, running) * mean, (stays * mean) - own);
        working?.Add("mean step", $"step with prompts: pass", mean);
        working?.Add("own prompt read", $"{passes:G6} × mean step", own);
        working?.Add("prompts before it", $"{queue / mean:G6} × mean step", queue);
        return alone with { MeanStep = mean, Own = own, Queue = queue, Reading = mean };
    }

    /// <summary>Reading one prompt with nothing beside it.</summary>
    public static PassTime PrefillOf(in DeployedModel on, EngineConstants c, in ServingLoad load, ServingWorking? working)
    {
        PassParts? parts = working is null ? null : new PassParts();
        PassTime time = ForwardPass.Prefill(on, c, load.Prompt, load.Cached, load.PassTokens, parts);
        if (working is not null)
        {
            double passes = PipelineFill.Passes(on, load.Prompt / Math.Min(load.Prompt, load.PassTokens));
            working.Add("prefill", parts!, time.Total / passes);
            working.Add("one prompt alone", $"{passes:G6} × prefill: pass", time.Total);
        }

        return time;
    }

    private static PassTime Timed(
        in DeployedModel on, EngineConstants c, in PassLoad pass, string name, ServingWorking? working)
    {
        PassParts? parts = working is null ? null : new PassParts();
        PassTime time = ForwardPass.Of(on, c, pass, parts);
        working?.Add(name, parts!, time.Total);
        return time;
    }
}
