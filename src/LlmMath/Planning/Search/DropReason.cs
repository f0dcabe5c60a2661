namespace LlmMath.Planning;

/// <summary>Why something is no plan.</summary>
public enum DropReason
{
    /// <summary>The model was made for shorter sequences.</summary>
    Context,

    /// <summary>The model does not reach a score, or nobody knows whether it does.</summary>
    Quality,

    /// <summary>The format costs more in quality than it may, or nobody knows how much.</summary>
    Loss,

    /// <summary>The engine does not load weights of the format.</summary>
    Format,

    /// <summary>The engine does not run on the GPU, or not with weights of the format.</summary>
    Hardware,

    /// <summary>The engine's times there rest on less than was asked for.</summary>
    Basis,

    /// <summary>So many GPUs divide neither the model's heads nor its layers.</summary>
    Division,

    /// <summary>No machine with so many of the GPU has a price.</summary>
    NoMachine,

    /// <summary>The weights alone are more than the GPUs hold.</summary>
    Weights,

    /// <summary>Beside the weights there is no room for one request of the longest context.</summary>
    Memory,

    /// <summary>How fast the engine is there is not known.</summary>
    SpeedUnknown,

    /// <summary>The time to the first token is too long even with one request at a time.</summary>
    TimeToFirstToken,

    /// <summary>The time between tokens is too long even with one request at a time.</summary>
    InterTokenLatency,

    /// <summary>The whole answer takes too long even with one request at a time.</summary>
    EndToEnd,

    /// <summary>It costs more than may be spent.</summary>
    Budget,

    /// <summary>It costs no less than what stands in its place.</summary>
    Dearer,
}
