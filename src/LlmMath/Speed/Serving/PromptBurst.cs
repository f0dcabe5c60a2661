using LlmMath.Engines;
using LlmMath.Speed.Pass;

namespace LlmMath.Speed.Serving;

/// <summary>Prompts that come all at once, read in full passes one after the other, in seconds.</summary>
/// <param name="Total">Until the last is read.</param>
/// <param name="Mean">Until one is read, in the mean.</param>
internal readonly record struct PromptBurst(double Total, double Mean)
{
    /// <summary>Prompts of r requests of p tokens each: k = r · p ÷ g passes of g = min(B, r · p) tokens; one of them ends after
    /// (k + 1) ÷ 2 passes in the mean, but not before its own prompt is read. The host takes them up one after the other: h each,
    /// (r − 1) ÷ 2 · h in the mean.</summary>
    public static PromptBurst Of(in DeployedModel on, EngineConstants c, in ServingLoad load, double running, in PassTime one,
        ServingWorking? working)
    {
        if (running <= 1 || load.ComesOneByOne)
        {
            return new(one.Total, one.Total);
        }

        double all = running * load.Prompt, full = Math.Min(all, load.PassTokens), passes = all / full;
        PassParts? parts = working is null ? null : new PassParts();
        var pass = new PassLoad { PromptTokens = full, Prompt = load.Prompt, Cached = load.Cached };
        double each = ForwardPass.Of(on, c, pass, parts).Total;
        double filled = PipelineFill.Passes(on, passes), total = each * filled, host = (running - 1) * load.HostSeconds(c);
        // In the best order one prompt ends after the other, whatever a pass holds.
        double ends = on.IsBound ? running : passes;
        double mean = Math.Max(one.Total, total * (ends + 1) / (2 * ends)) + (host / 2);
        if (working is not null)
        {
            working.Add("all prompts", parts!, each);
            working.Add("all prompts read", $"{filled:G6} × all prompts: pass + {host * 1e6:G6} µs", total + host);
            double read = (mean - (host / 2)) / each;
            working.Add("of all prompts the mean", $"{read:G6} × all prompts: pass + {host / 2 * 1e6:G6} µs", mean);
        }

        return new(total + host, mean);
    }

    /// <summary>What a request waits, token by token, for prompts that are read after its own: (total − mean) ÷ (o − 1); nothing
    /// where all are read before any token is written.</summary>
    public double StallOf(in ServingLoad load) =>
        load.IsContinuous && load.Output > 1 ? (Total - Mean) / (load.Output - 1) : 0;
}
