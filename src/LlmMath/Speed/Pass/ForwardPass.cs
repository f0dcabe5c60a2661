using LlmMath.Engines;

namespace LlmMath.Speed.Pass;

/// <summary>
/// Time of one forward pass: n sequences that write, each at its context, and m tokens of prompts, together. Weights are read
/// once, products counted in full, experts touched by all tokens. A pass that only writes and one that only reads are its ends.
/// </summary>
internal static class ForwardPass
{
    /// <summary>The time of a pass.</summary>
    /// <param name="on">The model on its GPUs.</param>
    /// <param name="c">The engine's constants.</param>
    /// <param name="load">What it is given.</param>
    /// <param name="parts">Where its working is written, or null.</param>
    public static PassTime Of(in DeployedModel on, EngineConstants c, in PassLoad load, PassParts? parts = null)
    {
        PassTime time = on.Kernels is { } kernels
            ? KernelTime.Of(on, kernels, c, load, parts)
            : MatrixTime.Of(on, c, load, parts);
        (double cache, double attention) = AttentionTime.Of(on, c, load, parts);
        time = time with
        {
            Cache = cache,
            Attention = attention,
            Communication = Collectives.Of(on, c, load.Tokens, parts),
        };
        double kernelled = on.Kernels is null ? 0 : time.Total;
        time = time with
        {
            Overhead = Launches.Of(on.Work, on.Launched, c, load, kernelled, parts) + Checked(on, load, parts),
        };
        return on.Host is { } host ? time.Plus(HostTime.Of(on, host, c, load, parts), 1) : time;
    }

    // Where drafts are checked, the host takes up each sequence before it can start the next step.
    private static double Checked(in DeployedModel on, in PassLoad load, PassParts? parts)
    {
        double sequences = load.ChecksDrafts ? load.Sequences : 0;
        parts?.Add("sequences whose drafts are checked", sequences, on.DraftedSequenceSeconds);
        return sequences * on.DraftedSequenceSeconds;
    }

    /// <summary>
    /// Prefill of a prompt that is read alone, in passes of at most <paramref name="passTokens"/> tokens: t = passes · time of
    /// one pass, passes = max(1, tokens ÷ tokens of a pass). What is left over counts as its share of a pass, so that a token
    /// more never costs a whole one.
    /// </summary>
    /// <param name="on">The model on its GPUs.</param>
    /// <param name="c">The engine's constants.</param>
    /// <param name="tokens">Tokens to be read, 1 or more.</param>
    /// <param name="cached">Tokens before them that are cached.</param>
    /// <param name="passTokens">The most tokens of a pass.</param>
    /// <param name="parts">Where the working of one pass is written, or null.</param>
    public static PassTime Prefill(in DeployedModel on, EngineConstants c, double tokens, double cached, double passTokens,
        PassParts? parts = null)
    {
        double full = Math.Min(tokens, passTokens), passes = tokens / full;
        var load = new PassLoad { PromptTokens = full, Prompt = tokens, Cached = cached };
        return default(PassTime).Plus(Of(on, c, load, parts), PipelineFill.Passes(on, passes));
    }
}
