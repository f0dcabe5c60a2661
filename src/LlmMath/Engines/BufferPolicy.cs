using LlmMath.Basics;

namespace LlmMath.Engines;

/// <summary>Bytes that an engine's buffers take for each token of a pass and element, 0 or more.</summary>
public sealed record BufferPolicy
{
    /// <summary>Of a logit, with the copies that sampling makes.</summary>
    public double LogitBytes { get; init; }

    /// <summary>Of the residual stream, over the copies alive at once in a layer.</summary>
    public double HiddenBytes { get; init; }

    /// <summary>The same beside the logits; as in a layer unless stated.</summary>
    public double? LogitHiddenBytes { get; init; }

    /// <summary>Between the feed-forward matrices.</summary>
    public double IntermediateBytes { get; init; }

    /// <summary>Between the matrices of the experts that a token uses, beyond <see cref="IntermediateBytes"/>.</summary>
    public double ExpertBytes { get; init; }

    /// <summary>Of an attention score, one a head, token of the pass and token of the context; 0 where kernels keep
    /// none.</summary>
    public double ScoreBytes { get; init; }

    /// <summary>Of the attention mask, one a token of the pass and token of the context.</summary>
    public double MaskBytes { get; init; }

    /// <summary>Whether it keeps a table of rotary sines and cosines for every position.</summary>
    public bool TabulatesRotary { get; init; }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(BufferPolicy), PrintMembers);
}
