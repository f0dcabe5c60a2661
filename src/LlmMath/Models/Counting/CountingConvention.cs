namespace LlmMath;

/// <summary>What a parameter count counts.</summary>
public enum CountingConvention
{
    /// <summary>What a checkpoint holds: every parameter once, tied tensors once.</summary>
    Checkpoint,

    /// <summary>As people count on paper: the output embedding apart even when it is tied, no biases of linear layers, norms
    /// counted.</summary>
    HandEstimate,
}
