using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>How far a figure moves as one assumption alone goes through its range.</summary>
/// <param name="Name">The assumption.</param>
/// <param name="Assumption">Its value and range.</param>
/// <param name="AtLow">The figure where the assumption is lowest.</param>
/// <param name="AtHigh">The figure where it is highest.</param>
public sealed record Swing(string Name, Assumption Assumption, double AtLow, double AtHigh)
{
    /// <summary>Between the two.</summary>
    public double Width => Math.Abs(AtHigh - AtLow);

    /// <summary>What each assumption of owning does to a figure, the widest first: a tornado.</summary>
    /// <param name="owning">The assumptions.</param>
    /// <param name="figure">The figure, from the assumptions.</param>
    public static ValueList<Swing> Of(Ownership owning, Func<Ownership, double> figure)
    {
        ArgumentNullException.ThrowIfNull(owning);
        ArgumentNullException.ThrowIfNull(figure);
        (string Name, Assumption Of, Func<Assumption, Ownership> With)[] all =
        [
            ("server over GPUs", owning.ServerOverGpus, a => owning with { ServerOverGpus = a }),
            ("PUE", owning.Pue, a => owning with { Pue = a }),
            ("place", owning.ColocationUsdPerKwMonth, a => owning with { ColocationUsdPerKwMonth = a }),
            ("operations", owning.OperationsShare, a => owning with { OperationsShare = a }),
            ("interest", owning.Interest, a => owning with { Interest = a }),
            ("years", owning.Years, a => owning with { Years = a }),
            ("residual value", owning.ResidualShare, a => owning with { ResidualShare = a }),
            ("power while waiting", owning.IdlePowerShare, a => owning with { IdlePowerShare = a }),
            ("electricity", owning.ElectricityUsdPerKwh, a => owning with { ElectricityUsdPerKwh = a }),
            ("busy share", owning.BusyShare, a => owning with { BusyShare = a }),
        ];
        return [.. all.Select(one => new Swing(one.Name, one.Of, figure(one.With(one.Of with { Value = one.Of.Low })),
            figure(one.With(one.Of with { Value = one.Of.High })))).OrderByDescending(swing => swing.Width)];
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(Swing), PrintMembers);
}
