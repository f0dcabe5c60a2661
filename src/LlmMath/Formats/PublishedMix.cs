namespace LlmMath.Formats;

/// <summary>Of which models published checkpoints of a scheme often leave attention or other matrices in 16 bits.</summary>
internal enum PublishedMix
{
    /// <summary>Of none.</summary>
    None,

    /// <summary>Of mixtures of experts and recurrent models.</summary>
    MixturesAndRecurrent,

    /// <summary>Of any.</summary>
    All,
}
