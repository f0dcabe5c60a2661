using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>How many candidates fell out for a reason: the first that was found for each.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Count">How many.</param>
public sealed record Drop(DropReason Reason, long Count)
{
    /// <summary>The reason in words.</summary>
    public string Text => Reason switch
    {
        DropReason.Context => "the model was made for shorter sequences",
        DropReason.Quality => "the model's score is too low or not known",
        DropReason.Loss => "the format costs too much quality, or nobody knows how much",
        DropReason.Format => "the engine does not load the format",
        DropReason.Hardware => "the engine does not run on the GPU, or not in the format",
        DropReason.Basis => "the engine's times there rest on less than was asked for",
        DropReason.Division => "so many GPUs divide neither heads nor layers",
        DropReason.NoMachine => "no machine with so many of the GPU has a price",
        DropReason.Weights => "the weights alone are more than the GPUs hold",
        DropReason.Memory => "no room beside the weights for the longest context",
        DropReason.SpeedUnknown => "how fast the engine is there is not known",
        DropReason.TimeToFirstToken => "the first token comes too late",
        DropReason.InterTokenLatency => "tokens follow too slowly",
        DropReason.EndToEnd => "the whole answer takes too long",
        DropReason.Budget => "it costs more than may be spent",
        _ => "it costs no less than what stands in its place",
    };

    /// <summary>The count and the reason.</summary>
    public override string ToString() => $"{NumberText.N(Count)}: {Text}";
}
