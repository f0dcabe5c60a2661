namespace LlmMath.Architectures;

/// <summary>What a part of a checkpoint beyond the decoder is.</summary>
public enum PartKind
{
    /// <summary>Anything else: its name says what.</summary>
    Other,

    /// <summary>Blocks that predict further tokens.</summary>
    MultiTokenPrediction,

    /// <summary>A tower that reads images.</summary>
    Vision,

    /// <summary>A tower that reads sound.</summary>
    Audio,

    /// <summary>What brings a tower's output to the decoder's width.</summary>
    Projector,
}
