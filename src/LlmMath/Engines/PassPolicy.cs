namespace LlmMath.Engines;

/// <summary>How large an engine's forward pass is.</summary>
public sealed record PassPolicy
{
    /// <summary>The most tokens of one pass, over all sequences, 1 or more; null where prompts are read whole.</summary>
    public int? Tokens { get; init; }

    /// <summary>Whether replicas of attention share these tokens out, each having its part of them.</summary>
    public bool IsDivided { get; init; }

    /// <summary>For which tokens it computes logits.</summary>
    public LogitRows LogitRows { get; init; }

    /// <summary>Rows of logits where <see cref="LogitRows"/> says fixed, 0 or more: the batch that vLLM profiles with at its
    /// start.</summary>
    public int FixedLogitRows { get; init; }

    /// <summary>Whether its buffers are laid out for a pass that attends to the whole context, however short the
    /// prompt.</summary>
    public bool ReservesWholeContext { get; init; }

    /// <summary>Copies of a pass's inputs on each GPU of a pipeline, 1 or more.</summary>
    public int InputCopies { get; init; } = 1;
}

/// <summary>For which tokens an engine computes logits.</summary>
public enum LogitRows
{
    /// <summary>One row a sequence: the last token's.</summary>
    EachSequence,

    /// <summary>Every token of the pass.</summary>
    EachToken,

    /// <summary>A fixed number, whatever the batch.</summary>
    Fixed,
}
