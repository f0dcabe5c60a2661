using LlmMath.Basics;
using LlmMath.Planning.Prices;

namespace LlmMath.Planning;

/// <summary>What a hosted API asks for a model's tokens.</summary>
public sealed record ApiPrice
{
    /// <summary>Who hosts it: <c>togetherai</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The model's name there.</summary>
    public required string Model { get; init; }

    /// <summary>The entry of <c>ModelCatalog</c> that it is; null where it is none, as models are whose weights are not
    /// published.</summary>
    public string? Entry { get; init; }

    /// <summary>US dollars a million tokens of prompts, 0 or more.</summary>
    public required double Input { get; init; }

    /// <summary>The same of prompts that were seen before; null where there is no such price.</summary>
    public double? CachedInput { get; init; }

    /// <summary>US dollars a million tokens that are written, above 0.</summary>
    public required double Output { get; init; }

    /// <summary>Prompts of a batch that may take a day; null where there is no such price.</summary>
    public double? BatchInput { get; init; }

    /// <summary>What is written for such a batch; null where there is no such price.</summary>
    public double? BatchOutput { get; init; }

    /// <summary>The longest context in tokens; null where the source does not say.</summary>
    public long? Context { get; init; }

    /// <summary>The day of the price; null where the source does not date it.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Where it was read.</summary>
    public required Citation Source { get; init; }

    /// <summary>What a reader should know; null where there is nothing.</summary>
    public string? Note { get; init; }

    /// <summary>What its age says against it; null where it is at most 90 days old.</summary>
    /// <param name="today">The day that it is asked on.</param>
    public string? Caution(DateOnly today) => PriceAge.Caution($"{Provider} {Model}", Date, today);

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(ApiPrice), PrintMembers);
}
