using System.Globalization;

namespace LlmMath.Speed;

/// <summary>Writes an estimate's working.</summary>
internal static class SpeedDerivation
{
    public static ValueList<SpeedLine> Of(in InferenceEstimate e)
    {
        Architecture a = e.Model.Architecture;
        Deployment on = InferenceSpeed.Deploy(a, e.Gpu, e.Engine, e.Workload, e.Weights);
        EngineConstants c = EngineChoice.Of(e.Engine, e.Gpu).Generation.Constants;
        ServingTime time = ServingTime.Of(on, c, InferenceSpeed.Load(e.Engine, e.Workload, on));
        ModelWork work = on.Work;
        var lines = new List<SpeedLine>();
        double running = time.Running, routed = running * on.AttentionReplicas;
        void Add(string term, string formula, double seconds) => lines.Add(new(term, formula, seconds));
        void Part(string term, double seconds, string formula)
        {
            if (seconds > 0)
            {
                Add(term, formula, seconds);
            }
        }

        double context = e.Workload.PromptTokens + (e.Workload.OutputTokens / 2.0);
        double experts = 0, touched = 0;
        foreach (ExpertWork kind in work.Experts)
        {
            double of = kind.Touched(1 + ((routed - 1) * Math.Min(1, c.RoutingSpread)));
            experts += kind.Layers * of * kind.Each.Bytes;
            touched = Math.Max(touched, of);
        }

        Part("decode: weights", time.Step.Weights, $"({N(work.Blocks.Bytes + work.Head.Bytes)} bytes ÷ {on.Tensor} GPUs"
            + (experts > 0 ? $" + {N(experts)} bytes of {N(touched)} experts a layer ÷ {on.Expert} GPUs" : "")
            + $") ÷ ({N(on.BytesPerSecond)} bytes/s × {P(c.BandwidthEfficiency)})");
        Part("decode: matrix products", time.Step.Products,
            $"2 × {N(work.Blocks.Elements + work.Head.Elements)} elements × {N(running)} tokens"
            + (experts > 0 ? " and the experts of each" : "")
                + $", at {P(c.ComputeEfficiency)} of the peak; the greater of this and reading counts whole");
        Part("decode: cache", time.Step.Cache,
            $"{N(on.CacheBytesOf(context))} bytes × {N(running)} sequences of {N(context)} tokens "
            + $"÷ {on.Tensor} GPUs ÷ ({N(on.BytesPerSecond)} bytes/s × {P(c.CacheBandwidthEfficiency)})");
        Part("decode: attention", time.Step.Attention,
            "products of queries with the cache, where they take longer than reading it");
        Part("decode: activations", time.Step.Activations, $"{N(c.ActivationBytes)} bytes × inputs and outputs of the matrices "
            + $"× {N(running)} tokens ÷ {N(on.BytesPerSecond)} bytes/s");
        Part("decode: communication", time.Step.Communication, $"2 all-reduces × {work.Layers} layers over {on.Tensor} GPUs");
        Part("decode: overhead", time.Step.Overhead, $"pass, {work.Layers} layers, {N(running)} sequences");
        Add("decode: pass", "the sum of these", time.Step.Total);
        Part("prefill: matrices", time.Prefill.Weights + time.Prefill.Products,
            $"2 × elements × {N(e.Workload.PromptTokens - e.Workload.CachedPromptTokens)} tokens; "
            + "the head for the last token alone");
        Part("prefill: activations", time.Prefill.Activations,
            $"{N(c.ActivationBytes)} bytes × inputs and outputs of the matrices × tokens "
            + $"÷ {N(on.BytesPerSecond)} bytes/s");
        Part("prefill: attention", time.Prefill.Attention,
            "pairs of tokens: quadratic in the prompt, as far as no window limits them");
        Part("prefill: communication and overhead", time.Prefill.Communication + time.Prefill.Overhead,
            $"{work.Layers} layers a pass");
        Add("prefill: one prompt", "the sum of these", time.Prefill.Total);
        Part("interleaved prefill", time.Interleaved,
            $"{P(c.InterleavedShare)} × {N(running - 1)} other requests × one prompt ÷ {e.Workload.OutputTokens} tokens");
        if (e.Workload.Speculation is { } drafting)
        {
            (int drafts, double acceptance, double cost) = drafting;
            Part("drafts", time.Step.Total * drafts * cost, $"{drafts} drafts × {N(cost)} decode passes");
            Add("between tokens", $"(decode pass of {1 + drafts} tokens + drafts) ÷ {N(drafting.TokensPerStep)} tokens a step "
                + $"+ interleaved prefill; (1 − {N(acceptance)}^{drafts + 1}) ÷ (1 − {N(acceptance)}) tokens", time.InterToken);
        }
        else
        {
            Add("between tokens", "decode pass + interleaved prefill", time.InterToken);
        }

        ServingLoad load = InferenceSpeed.Load(e.Engine, e.Workload, on);
        if (load.Arrival == Arrival.Disaggregated)
        {
            Part("cache sent", ServingTime.CacheSent(on, c, load),
                $"{N(on.CacheBytesOf(e.Workload.PromptTokens))} bytes ÷ {on.Tensor} GPUs "
                + $"÷ ({N(on.LinkBytesPerSecond)} bytes/s × {P(c.LinkEfficiency)})");
        }

        Part("queue", time.Queued, $"{N(e.Workload.Batch)} requests, room in the cache for {N(e.RunningRequests)}: "
            + $"(all ÷ these − 1) × (first token without queue + {e.Workload.OutputTokens - 1} × between tokens)");
        Add("first token", load.Arrival switch
        {
            Arrival.Continuous => $"{N(c.FirstTokenSeconds * 1e3)} ms + {N(c.StepsWaited)} × between tokens "
                + $"+ ({P(c.OwnPrefill)} + {N(ServingTime.QueuedPrefills(c, running - 1))} for {N(running - 1)} others) "
                + "× one prompt + queue",
            Arrival.Together => $"{N(c.FirstTokenSeconds * 1e3)} ms + ({P(c.OwnPrefill)} + {N(running - 1)} others) × one prompt "
                + "+ queue",
            _ => $"{N(c.FirstTokenSeconds * 1e3)} ms + {P(c.OwnPrefill)} × one prompt + cache sent + queue",
        }, time.FirstToken);
        Add("total", $"first token + {e.Workload.OutputTokens - 1} × between tokens",
            time.FirstToken + ((e.Workload.OutputTokens - 1) * time.InterToken));
        return [.. lines];
    }

    private static string N(double number) => number.ToString(number < 100 ? "0.##" : "#,0", CultureInfo.InvariantCulture);

    private static string P(double share) => share.ToString("0.00", CultureInfo.InvariantCulture);
}
