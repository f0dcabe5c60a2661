namespace LlmMath;

/// <summary>How the requests of a batch arrive.</summary>
public enum Arrival
{
    /// <summary>At any time, as others leave: their prefill falls between the tokens of those that run.</summary>
    Continuous,

    /// <summary>All at once, none after: they are read together, then written together.</summary>
    Together,

    /// <summary>A closed loop of equal lengths: each answer is followed by the next request, and requests that started together
    /// end together.</summary>
    InStep,
}
