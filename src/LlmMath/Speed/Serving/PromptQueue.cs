using LlmMath.Engines;
using LlmMath.Speed.Pass;

namespace LlmMath.Speed.Serving;

/// <summary>Prompts on GPUs of their own: what one takes, waits and is sent, in seconds.</summary>
internal readonly record struct PromptQueue
{
    /// <summary>
    /// Seconds in which a request is handed from the side that reads to the side that writes, beside sending its cache: routing,
    /// agreeing on blocks, the first token's way back. Median of measured − reckoned times to the first token of at most 8
    /// requests at once with prompts below 1,024 tokens in catalog/evidence/serving-disaggregated.csv: 18, of which three lie
    /// around a second and above; docs/ACCURACY.md has what an engine's rows say of another's.
    /// </summary>
    public const double HandOver = 0.18;

    /// <summary>A prompt that is read alone.</summary>
    public required PassTime One { get; init; }

    /// <summary>What a prompt takes of a replica where many are read, in full passes, with the host's time for it.</summary>
    public required double Service { get; init; }

    /// <summary>Requests for each replica, 1 or more.</summary>
    public required double Requests { get; init; }

    /// <summary>Until one is read in the mean, where all come at once.</summary>
    public required double AtOnce { get; init; }

    /// <summary>Sending the cache and handing over, the host's time, and what every first token takes.</summary>
    public required double Beside { get; init; }

    /// <summary>The share of requests that come all at once.</summary>
    public required double ShareAtOnce { get; init; }

    /// <summary>
    /// What a prompt waits for those before it. Of N requests a replica each takes S of it and Z until it comes again; one is
    /// read and waits for R in the mean, R² + R · (Z − N · S) − S · Z + (N − 1) · S² ÷ 2 = 0. That is the mean value analysis
    /// of a closed loop (Schweitzer, Int. Conf. on Stochastic Control and Optimization, 1979), with equal service times, of which
    /// an arrival finds half to do.
    /// </summary>
    /// <param name="away">Seconds until a request comes again, Z.</param>
    public double Waits(double away)
    {
        double more = (Requests * Service) - away;
        double under = (more * more) + (4 * Service * away) - (2 * (Requests - 1) * Service * Service);
        return Math.Max(0, ((more + Math.Sqrt(Math.Max(0, under))) / 2) - Service);
    }

    /// <summary>Seconds to the first token, while requests come again after so many.</summary>
    public double FirstToken(double away) =>
        Beside + ((1 - ShareAtOnce) * (One.Total + Waits(away))) + (ShareAtOnce * AtOnce);

    /// <summary>The prompts of a load.</summary>
    /// <param name="on">The side that reads.</param>
    /// <param name="c">Its engine's constants.</param>
    /// <param name="load">What requests ask, with the pass of that side.</param>
    /// <param name="sent">Seconds in which a prompt's cache is sent.</param>
    /// <param name="working">Where the working is written, or null.</param>
    public static PromptQueue Of(
        in DeployedModel on, EngineConstants c, in ServingLoad load, double sent, ServingWorking? working)
    {
        // While one is read alone, the other replicas of its server have nothing to do.
        PassTime one = ServingPasses.PrefillOf(on with { BusyReplicas = 1 }, c, load, working);
        double requests = Math.Max(1, load.Batch), host = load.HostSeconds(c);
        double full = Math.Min(load.PassTokens, requests * load.Prompt), passes = requests * load.Prompt / full;
        var pass = new PassLoad { PromptTokens = full, Prompt = load.Prompt, Cached = load.Cached };
        double each = ForwardPass.Of(on, c, pass).Total * PipelineFill.Passes(on, passes) / requests;
        var burst = PromptBurst.Of(on, c, load, load.Batch, one, working);
        return new()
        {
            One = one,
            Service = each + host,
            Requests = requests,
            AtOnce = burst.Mean,
            Beside = c.FirstTokenSeconds + Launches.BeforeFirst(on.Work, c) + host + sent + (on.IsBound ? 0 : HandOver),
            ShareAtOnce = load.Arrival == Arrival.Continuous ? load.FirstRound : 1,
        };
    }
}
