using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>A machine that can be had, rented or bought, and what it costs an hour.</summary>
public sealed record Offer
{
    /// <summary>The machine: <c>aws p5.48xlarge (us-east-1)</c>.</summary>
    public required string Machine { get; init; }

    /// <summary>The kind of GPU in it.</summary>
    public required Gpu Gpu { get; init; }

    /// <summary>How many it has.</summary>
    public required int Gpus { get; init; }

    /// <summary>US dollars for each hour that is paid.</summary>
    public required double UsdPerHour { get; init; }

    /// <summary>Hours of a month that are paid.</summary>
    public required double HoursPerMonth { get; init; }

    /// <summary>The price, where it is rented; null where it is bought.</summary>
    public InstancePrice? Rented { get; init; }

    /// <summary>The price, where it is bought; null where it is rented.</summary>
    public MachinePrice? Bought { get; init; }

    /// <summary>What owning one comes to, where it is bought; null where it is rented.</summary>
    public OwningCost? Owning { get; init; }

    /// <summary>Where the price was read.</summary>
    public Citation Source => Rented?.Source ?? Bought!.Source;

    /// <summary>The day of the price; null where its source does not date it.</summary>
    public DateOnly? Date => Rented is { } rented ? rented.Date : Bought!.Date;

    /// <summary>What its age says against the price; null where it is at most 90 days old.</summary>
    /// <param name="today">The day that it is asked on.</param>
    public string? Caution(DateOnly today) => Rented?.Caution(today) ?? Bought?.Caution(today);

    /// <summary>The machine and its price.</summary>
    public override string ToString() => FormattableString.Invariant($"{Machine} at {UsdPerHour:0.00} USD an hour");

    // Whole replicas of so many GPUs that stand in it.
    internal int Replicas(int gpus) => Gpus / gpus;
}
