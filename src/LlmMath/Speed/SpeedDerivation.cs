using System.Globalization;
using LlmMath.Engines;
using LlmMath.Placement;
using LlmMath.Placement.Work;
using static LlmMath.Basics.NumberText;

namespace LlmMath.Speed;

/// <summary>Writes an estimate's working.</summary>
internal static class SpeedDerivation
{
    public static ValueList<SpeedLine> Of(in InferenceEstimate e)
    {
        PlacedModel model = e.Deployment.Placed;
        var known = DeployedSpeed.Of(model);
        DeployedModel on = known.On;
        var load = ServingLoad.Of(model, e.Workload);
        EngineConstants c = known.Constants;
        ServingTime time = ServingTime.Of(on, c, load);
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

        Part("decode: weights", time.Step.Weights, $"({Short(work.Blocks.Bytes + work.Head.Bytes)} bytes ÷ {on.Tensor} GPUs"
            + (experts > 0 ? $" + {Short(experts)} bytes of {Short(touched)} experts a layer ÷ {on.Expert} GPUs" : "")
            + $") ÷ ({Short(on.BytesPerSecond)} bytes/s × {P(c.BandwidthEfficiency)})");
        Part("decode: matrix products", time.Step.Products,
            $"2 × {Short(work.Blocks.Elements + work.Head.Elements)} elements × {Short(running)} tokens"
            + (experts > 0 ? " and the experts of each" : "")
                + $", at {P(c.ComputeEfficiency)} of the peak; the greater of this and reading counts whole");
        Part("decode: cache", time.Step.Cache,
            $"{Short(on.CacheBytesOf(context))} bytes × {Short(running)} sequences of {Short(context)} tokens "
            + $"÷ {on.Tensor} GPUs ÷ ({Short(on.BytesPerSecond)} bytes/s × {P(c.CacheBandwidthEfficiency)})");
        Part("decode: attention", time.Step.Attention,
            "products of queries with the cache, where they take longer than reading it");
        Part("decode: activations", time.Step.Activations,
            $"{Short(c.ActivationBytes)} bytes × inputs and outputs of the matrices "
            + $"× {Short(running)} tokens ÷ {Short(on.BytesPerSecond)} bytes/s");
        Part("decode: communication", time.Step.Communication, $"2 all-reduces × {work.Layers} layers over {on.Tensor} GPUs");
        Part("decode: overhead", time.Step.Overhead, $"pass, {work.Layers} layers, {Short(running)} sequences");
        Add("decode: pass", "the sum of these", time.Step.Total);
        Part("prefill: matrices", time.Prefill.Weights + time.Prefill.Products,
            $"2 × elements × {Short(e.Workload.PromptTokens - e.Workload.CachedPromptTokens)} tokens; "
            + "the head for the last token alone");
        Part("prefill: activations", time.Prefill.Activations,
            $"{Short(c.ActivationBytes)} bytes × inputs and outputs of the matrices × tokens "
            + $"÷ {Short(on.BytesPerSecond)} bytes/s");
        Part("prefill: attention", time.Prefill.Attention,
            "pairs of tokens: quadratic in the prompt, as far as no window limits them");
        Part("prefill: communication and overhead", time.Prefill.Communication + time.Prefill.Overhead,
            $"{work.Layers} layers a pass");
        Add("prefill: one prompt", "the sum of these", time.Prefill.Total);
        Part("interleaved prefill", time.Interleaved,
            $"{P(c.InterleavedShare)} × {Short(running - 1)} other requests × one prompt ÷ {e.Workload.OutputTokens} tokens");
        if (e.Workload.Speculation is { } drafting)
        {
            (int drafts, double acceptance, double cost) = drafting;
            Part("drafts", time.Step.Total * drafts * cost, $"{drafts} drafts × {Short(cost)} decode passes");
            Add("between tokens",
                $"(decode pass of {1L + drafts} tokens + drafts) ÷ {Short(drafting.TokensPerStep)} tokens a step "
                + $"+ interleaved prefill; (1 − {Short(acceptance)}^{drafts + 1L}) ÷ (1 − {Short(acceptance)}) tokens",
                time.InterToken);
        }
        else
        {
            Add("between tokens", "decode pass + interleaved prefill", time.InterToken);
        }

        if (load.Arrival == Arrival.Disaggregated)
        {
            Part("cache sent", ServingTime.CacheSent(on, c, load),
                $"{Short(on.CacheBytesOf(e.Workload.PromptTokens))} bytes of each GPU "
                + $"÷ ({Short(on.LinkBytesPerSecond)} bytes/s × {P(c.LinkEfficiency)})");
        }

        Part("queue", time.Queued,
            $"{Short(e.Workload.Requests)} requests, room in the cache for {Short(e.SteadyStateRequests)}: "
            + $"(all ÷ these − 1) × (first token without queue + {e.Workload.OutputTokens - 1} × between tokens)");
        Add("first token", load.Arrival switch
        {
            Arrival.Continuous => $"{Short(c.FirstTokenSeconds * 1e3)} ms + {Short(c.StepsWaited)} × between tokens "
                + $"+ ({P(c.OwnPrefill)} + {Short(ServingTime.QueuedPrefills(c, running - 1))} for {Short(running - 1)} others) "
                + "× one prompt + queue",
            Arrival.Together => $"{Short(c.FirstTokenSeconds * 1e3)} ms + ({P(c.OwnPrefill)} + {Short(running - 1)} others) "
                + "× one prompt + queue",
            _ => $"{Short(c.FirstTokenSeconds * 1e3)} ms + {P(c.OwnPrefill)} × one prompt + cache sent + queue",
        }, time.FirstToken);
        Add("total", $"first token + {e.Workload.OutputTokens - 1} × between tokens",
            time.FirstToken + ((e.Workload.OutputTokens - 1) * time.InterToken));
        return [.. lines];
    }

    private static string P(double share) => share.ToString("0.00", CultureInfo.InvariantCulture);
}
