using LlmMath.Engines;
using LlmMath.Speed.Pass;

namespace LlmMath.Speed.Serving;

/// <summary>Times of serving, in seconds, and what they are made of.</summary>
/// <param name="Step">One pass that only writes.</param>
/// <param name="Prefill">Prefill of one prompt with nothing beside it.</param>
/// <param name="Running">Requests that one stage runs at once: fewer than asked where the cache has no room.</param>
/// <param name="FirstToken">From a request's arrival to its first token.</param>
/// <param name="InterToken">Between its tokens.</param>
/// <param name="Interleaved">The part of that which is other requests' prefill.</param>
/// <param name="Queued">The part of the time to the first token that waits for room in the cache.</param>
internal readonly record struct ServingTime(
    PassTime Step, PassTime Prefill, double Running, double FirstToken, double InterToken, double Interleaved, double Queued)
{
    /// <summary>
    /// The times of a load. A request waits for what comes before its prompt, then for its prompt; between its tokens fall the
    /// passes that write, and others' prompts as they arrive. Where the cache has room for r of b requests, it waits for (b − r)
    /// ÷ r others to be answered, each from its admission to its last token, w + (o − 1) · t, without the passes m that it would
    /// miss if there were room: w or, where that is more, w − m + (b − r) ÷ r · (w − m + (o − 1) · t).
    /// </summary>
    public static ServingTime Of(in DeployedModel on, EngineConstants c, in ServingLoad load, ServingWorking? working = null)
    {
        double admitted = Math.Max(1, Math.Min(load.Batch, load.Room));
        // A stage works on its share of the requests while the other stages work on theirs.
        double running = Math.Max(1, admitted / on.Pipeline);
        var passes = ServingPasses.Of(on, c, load, running, working);
        double interToken = InterTokenOf(on, passes, load, working);
        double wait = FirstTokenOf(on, c, passes, load, running, interToken, working, out double missed);
        double waves = load.Batch > admitted ? (load.Batch - admitted) / admitted : 0;
        // Who waits for room has come before there is some, and misses no pass.
        double all = waves * (wait - missed + ((load.Output - 1) * interToken)), queued = Math.Max(0, all - missed);
        waves = queued > 0 ? waves : 0;
        if (waves > 0)
        {
            double unseen = missed * 1e6;
            working?.Add("queue for room",
                $"{waves:G6} × (admitted − {unseen:G6} µs + {load.Output - 1:0} × between tokens) − {unseen:G6} µs", queued);
        }

        working?.Add("first token", waves > 0 ? $"admitted + queue for room" : (FormattableString)$"admitted", wait + queued);
        double written = passes.Step.Total * load.StepsOfWriting;
        return new(passes.Step, passes.Prefill, running, wait + queued, interToken, interToken - written, queued);
    }

    // What falls between two tokens: the passes of a step by how often they come, ÷ the tokens that it yields.
    private static double InterTokenOf(
        in DeployedModel on, in ServingPasses passes, in ServingLoad load, ServingWorking? working)
    {
        if (load.Interleaves(on.ReadsPromptsApart) && passes.MeanStep != passes.Step.Total)
        {
            double mean = passes.MeanStep * load.StepsOfWriting;
            working?.Add("between tokens", $"{load.StepsOfWriting:G6} × mean step", mean);
            return mean;
        }

        double stall = load.ComesOneByOne ? 0 : passes.Burst.StallOf(load);
        double time = (passes.Step.Total * load.StepsOfWriting) + stall;
        if (stall > 0)
        {
            double steps = load.StepsOfWriting, rest = load.Output - 1;
            working?.Add("between tokens",
                $"{steps:G6} × decode: pass + (all prompts read − of all prompts the mean) ÷ {rest:0}", time);
        }
        else
        {
            working?.Add("between tokens", $"{load.StepsOfWriting:G6} × decode: pass", time);
        }

        return time;
    }

    private static double FirstTokenOf(in DeployedModel on, EngineConstants c, in ServingPasses passes, in ServingLoad load,
        double running, double interToken, ServingWorking? working, out double missed)
    {
        double host = c.FirstTokenSeconds + Launches.BeforeFirst(on.Work, c) + load.HostSeconds(c);
        double reads = passes.Queue + passes.Own;
        bool interleaves = load.Interleaves(on.ReadsPromptsApart);
        double waited = interleaves ? Waited(c, load, running) : 0;
        // Requests in step come back one after the other: while one waits, others' prompts are read.
        double inStep = load.Arrival == Arrival.InStep ? Math.Min(waited, (running - 1) / 2) : 0;
        // Waiting is in steps, of which each yields tokens.
        double steps = interleaves
            ? load.Yield * (waited - inStep + Admission(load, running, on.AttentionReplicas)) : 0;
        // Answers of one token, each followed by the next request, wait for all prompts before theirs.
        bool isMean = (load.IsContinuous || on.IsBound) && (load.Output > 1 || load.Arrival == Arrival.Together);
        double first = isMean ? passes.Burst.Mean : passes.Burst.Total;
        double share = load.ShareAtOnce(on.ReadsPromptsApart), before = inStep * passes.Reading;
        missed = (1 - share) * ((load.Yield * (waited - inStep) * interToken) + before);
        double time = host + ((1 - share) * ((steps * interToken) + before + reads)) + (share * first);
        if (working is not null)
        {
            bool isAlone = running <= 1 || load.ComesOneByOne;
            string all = isAlone ? "one prompt alone" : isMean ? "of all prompts the mean" : "all prompts read";
            string own = passes.Own == passes.Prefill.Total ? "one prompt alone" : "(prompts before it + own prompt read)";
            own = inStep > 0 ? FormattableString.Invariant($"{inStep:G6} × step with prompts: pass + {own}") : own;
            working.Add("admitted",
                $"{host * 1e6:G6} µs + {1 - share:G6} × ({steps:G6} × between tokens + {own}) + {share:G6} × {all}", time);
        }

        return time;
    }

    // Steps from a request's arrival to the pass that reads it: none where nothing else runs, and no more than half an answer.
    private static double Waited(EngineConstants c, in ServingLoad load, double running) =>
        Math.Min(c.StepsWaited, (load.Output - 1) / load.Yield / 2) * (running - 1) / running;

    /// <summary>
    /// Steps before a new request is admitted. Requests come at any time between two looks, p steps apart: (p − 1) ÷ 2 steps more
    /// than without. Where the first waits g steps for others, λ = r · y ÷ o of which come a step (o tokens an answer, y a step,
    /// r run), those wait half as long on average: g · (1 + λg ÷ 2) ÷ (1 + λg).
    /// </summary>
    public static double Admission(in ServingLoad load, double running, int replicas)
    {
        double polled = (load.PollSteps - 1) / 2, comes = running * load.Yield / load.Output;
        return replicas > 1 ? Math.Max(polled, Balanced(load.GatherSteps, comes, replicas))
            : polled + (load.GatherSteps * (1 + (load.GatherSteps * comes / 2)) / (1 + (load.GatherSteps * comes)));
    }

    /// <summary>
    /// Steps that a prompt waits where attention is data-parallel and prompts are read when each of D replicas has one, or g
    /// steps after they were read last. At each, λ prompts come a step, at any time (Poisson); u = 1 − e^(−λt) is the share of
    /// replicas that have one after t steps. The mean over prompts is ∫ t · (1 − u^(D − 1)) dt ÷ ∫ (1 − u^D) dt, from 0 to g.
    /// With F(n) = ∫ (1 − uⁿ) dt = Σ uᵏ ÷ (k · λ), k = 1 … n, the first of them is g · F(D − 1) − Σ (g − F(k)) ÷ (k · λ), k = 1
    /// … D − 1. Steps are whole: half a one less. Source: NVIDIA/TensorRT-LLM,
    /// tensorrt_llm/_torch/pyexecutor/py_executor.py, _balance_adp_requests.
    /// </summary>
    internal static double Balanced(double most, double comes, int replicas)
    {
        double expected = most * comes;
        if (expected < 1e-6)
        {
            return Math.Max(0, (most - 1) / 2);
        }

        double u = 1 - Math.Exp(-expected), power = 1, empty = 0, sum = 0;
        for (int k = 1; k < replicas; k++)
        {
            power *= u;
            empty += power / (k * comes);
            sum += (most - empty) / (k * comes);
        }

        double looks = empty + (power * u / (replicas * comes));
        return Math.Max(0, (((most * empty) - sum) / looks) - 0.5);
    }
}
