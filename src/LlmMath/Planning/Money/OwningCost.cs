using LlmMath.Basics;
using static LlmMath.Planning.MoneyLine;
using static LlmMath.Basics.FieldCheck;

namespace LlmMath.Planning;

/// <summary>The total cost of owning machines (TCO), a month of their life after the other.</summary>
public sealed record OwningCost
{
    private OwningCost()
    {
    }

    /// <summary>US dollars for all machines at the start.</summary>
    public double Price { get; private init; }

    /// <summary>US dollars a month, whatever they do: written off, interest, place, operations, and what they draw while they
    /// wait.</summary>
    public double FixedPerMonth { get; private init; }

    /// <summary>US dollars a month more, if they worked all of the time: the power that they draw for it.</summary>
    public double WorkingPerMonth { get; private init; }

    /// <summary>US dollars a month of what is written off: paid at the start, not each month.</summary>
    public double WrittenOffPerMonth { get; private init; }

    /// <summary>The share of the time that they work, 0 to 1.</summary>
    public double BusyShare { get; private init; }

    /// <summary>Kilowatt-hours a month, the building's share with them.</summary>
    public double KilowattHoursPerMonth { get; private init; }

    /// <summary>Kilograms of CO₂ a month; null where no place was named or nobody sourced its grid.</summary>
    public double? KilogramsCo2PerMonth { get; private init; }

    /// <summary>The working of a month, line by line; the lines add up to <see cref="UsdPerMonth"/>.</summary>
    public required ValueList<MoneyLine> Lines { get; init; }

    /// <summary>US dollars a month.</summary>
    public double UsdPerMonth => FixedPerMonth + (WorkingPerMonth * BusyShare);

    /// <summary>US dollars for an hour of a month.</summary>
    public double UsdPerHour => UsdPerMonth / TokenCost.HoursPerMonth;

    /// <summary>US dollars a month against the share of the time that they work.</summary>
    public CostLine ByBusyShare => new(FixedPerMonth, WorkingPerMonth);

    /// <summary>US dollars paid in all against months: the price at the start, and what each month takes besides.</summary>
    public CostLine ByMonth => new(Price, UsdPerMonth - WrittenOffPerMonth);

    /// <summary>What owning machines comes to. With C the price, r its residual share, y years, i interest a year, o operations a
    /// year, K kilowatts at most, s the share drawn while waiting, u the share of the time at work, t the tariff:
    /// written off C·(1 − r) ÷ (12·y); interest C·(1 + r) ÷ 2 · i ÷ 12, on what is tied up in the mean; place K·p; operations
    /// C·o ÷ 12; power K · PUE · 730 · t · (s + (1 − s)·u). The same straight lines as most calculators of renting against
    /// buying draw (ewyluda/gpu-price-index@a3b9e64a99d5:src/gpu_index/tco.py), with a residual value.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="machines">How many, 1 or more.</param>
    /// <param name="owning">What it comes to beside the price.</param>
    /// <exception cref="EstimateException">A figure is out of range, or what the machine draws is not known; the error names
    /// it.</exception>
    public static OwningCost Of(MachinePrice machine, int machines, Ownership owning)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(owning);
        Check(machines, owning);
        double kilowatts = machines * (machine.Watts ?? throw new EstimateException(nameof(MachinePrice.Watts),
            $"what {machine.Machine} draws is not known.", "Give it: with { Watts = … }.")) / 1000;
        double c = machines * machine.Usd, r = owning.ResidualShare.Value, y = owning.Years.Value, i = owning.Interest.Value;
        double s = owning.IdlePowerShare.Value, u = owning.BusyShare.Value, t = owning.ElectricityUsdPerKwh.Value;
        double full = kilowatts * owning.Pue.Value * TokenCost.HoursPerMonth;
        ValueList<MoneyLine> lines =
        [
            new("written off", $"{N(c)} × (1 − {N(r)}) ÷ (12 × {N(y)})", c * (1 - r) / (12 * y)),
            new("interest", $"{N(c)} × (1 + {N(r)}) ÷ 2 × {N(i)} ÷ 12", c * (1 + r) / 2 * i / 12),
            new("place", $"{N(kilowatts)} kW × {N(owning.ColocationUsdPerKwMonth.Value)}",
                kilowatts * owning.ColocationUsdPerKwMonth.Value),
            new("operations", $"{N(c)} × {N(owning.OperationsShare.Value)} ÷ 12", c * owning.OperationsShare.Value / 12),
            new("power while waiting", $"{N(kilowatts)} kW × {N(owning.Pue.Value)} × 730 h × {N(t)} × {N(s)}", full * t * s),
            new("power at work", $"{N(kilowatts)} kW × {N(owning.Pue.Value)} × 730 h × {N(t)} × (1 − {N(s)}) × {N(u)}",
                full * t * (1 - s) * u),
        ];
        double drawn = full * (s + ((1 - s) * u));
        return new()
        {
            Price = c,
            FixedPerMonth = lines.Take(5).Sum(line => line.Usd),
            WorkingPerMonth = full * t * (1 - s),
            WrittenOffPerMonth = lines[0].Usd,
            BusyShare = u,
            KilowattHoursPerMonth = drawn,
            KilogramsCo2PerMonth = drawn * owning.GramsPerKwh?.Value / 1000,
            Lines = lines,
        };
    }

    private static void Check(int machines, Ownership owning)
    {
        Need(machines >= 1, nameof(machines), "1 or more", machines);
        Need(owning.Years.Value > 0, nameof(owning.Years), "above 0", owning.Years.Value);
        Need(owning.Pue.Value >= 1, nameof(owning.Pue), "1 or more", owning.Pue.Value);
        foreach ((string name, Assumption share) in new[]
        {
            (nameof(owning.ResidualShare), owning.ResidualShare), (nameof(owning.IdlePowerShare), owning.IdlePowerShare),
            (nameof(owning.BusyShare), owning.BusyShare),
        })
        {
            Need(share.Value is >= 0 and <= 1, name, "0 to 1", share.Value);
        }
    }

    /// <summary>What it costs a month, and its price.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{UsdPerMonth:#,0} USD a month, {Price:#,0} USD at the start");
}
