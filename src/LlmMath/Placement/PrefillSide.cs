namespace LlmMath;

/// <summary>GPUs of their own that read prompts and send what they cached to the GPUs of a <see cref="Deployment"/>, which then
/// only write (prefill and decode disaggregation). Both sides hold all weights.</summary>
public sealed record PrefillSide
{
    /// <summary>How the model is laid over them; each replica reads prompts by itself.</summary>
    public Parallelism Placement { get; init; } = new();

    /// <summary>Their kind; null for that of the GPUs that write.</summary>
    public Gpu? Gpu { get; init; }

    /// <summary>Rate at which each of them reaches those that write, in bytes a second, both directions together, above 0; null
    /// for the link of the machine that they share (<see cref="Node"/>), which GPUs of two kinds do not have.</summary>
    public double? LinkBytesPerSecond { get; init; }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => Basics.RecordText.Of(nameof(PrefillSide), PrintMembers);
}
