using LlmMath.Basics;
using LlmMath.Planning.Prices;

namespace LlmMath.Planning;

/// <summary>What buying a machine costs, and what it draws.</summary>
public sealed record MachinePrice
{
    /// <summary>The machine, in words.</summary>
    public required string Machine { get; init; }

    /// <summary>The kind of GPU in it, an entry of <c>GpuCatalog</c>.</summary>
    public required string Gpu { get; init; }

    /// <summary>How many GPUs it has, 1 or more.</summary>
    public required int Gpus { get; init; }

    /// <summary>US dollars for the whole machine, above 0.</summary>
    public required double Usd { get; init; }

    /// <summary>The most that the whole machine draws, in watts, above 0; null where the source does not say.</summary>
    public double? Watts { get; init; }

    /// <summary>The day of the price; null where the source does not date it.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Where it was read.</summary>
    public required Citation Source { get; init; }

    /// <summary>What a reader should know; null where there is nothing.</summary>
    public string? Note { get; init; }

    /// <summary>What its age says against it; null where it is at most 90 days old.</summary>
    /// <param name="today">The day that it is asked on.</param>
    public string? Caution(DateOnly today) => PriceAge.Caution(Machine, Date, today);

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(MachinePrice), PrintMembers);
}
