using LlmMath.Basics;
using LlmMath.Planning.Prices;

namespace LlmMath.Planning;

/// <summary>What renting a whole machine costs: nobody rents out three GPUs of one that has eight.</summary>
public sealed record InstancePrice
{
    /// <summary>Who rents it out: <c>aws</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The machine's name there: <c>p5.48xlarge</c>.</summary>
    public required string Instance { get; init; }

    /// <summary>The kind of GPU in it, an entry of <c>GpuCatalog</c>.</summary>
    public required string Gpu { get; init; }

    /// <summary>How many GPUs it has, 1 or more.</summary>
    public required int Gpus { get; init; }

    /// <summary>Where it stands, in the provider's words.</summary>
    public required string Region { get; init; }

    /// <summary><c>on-demand</c>, <c>spot</c> (may be taken away), <c>marketplace</c> (offers of private hosts, as they come),
    /// <c>reserved-1y</c> and so on.</summary>
    public required string Kind { get; init; }

    /// <summary>US dollars an hour for the machine, above 0.</summary>
    public required double UsdPerHour { get; init; }

    /// <summary>The day of the price; null where the source does not date it.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Where it was read.</summary>
    public required Citation Source { get; init; }

    /// <summary>What a reader should know; null where there is nothing.</summary>
    public string? Note { get; init; }

    /// <summary>US dollars an hour for each of its GPUs.</summary>
    public double UsdPerGpuHour => UsdPerHour / Gpus;

    /// <summary>What its age says against it; null where it is at most 90 days old.</summary>
    /// <param name="today">The day that it is asked on.</param>
    public string? Caution(DateOnly today) => PriceAge.Caution($"{Provider} {Instance}", Date, today);

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(InstancePrice), PrintMembers);
}
