using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>What a million tokens, read and written alike, cost by how busy a plan's machines are. Machines that wait cost what
/// they cost at work, but for their power; an API costs by the token.</summary>
/// <param name="MillionTokensPerMonth">Millions of tokens in a month if the machines worked all of the time within the
/// limits.</param>
/// <param name="Points">The costs.</param>
public sealed record CostCurve(double MillionTokensPerMonth, ValueList<CostPoint> Points)
{
    /// <summary>Shares of the time that are usually looked at.</summary>
    public static ValueList<double> UsualShares { get; } = [0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1];

    /// <summary>The costs of a plan. With r requests a second at most, p + o tokens each, 2,628,000 seconds of a month, the
    /// machines do M = r · (p + o) · 2.628 million tokens; at a share u of the time renting costs R ÷ (u · M), owning (F + u · W)
    /// ÷ (u · M), with R US dollars a month of rent, F fixed and W more at work.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="r">What was asked.</param>
    /// <param name="shares">Shares of the time at work, above 0 to 1; <see cref="UsualShares"/> unless given.</param>
    /// <exception cref="EstimateException">A share is out of range.</exception>
    public static CostCurve Of(Plan plan, ServiceRequirements r, params IReadOnlyList<double> shares)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(r);
        var money = RentOrBuy.Of(plan, r);
        double tokens = r.Prompt.Mean + r.Output.Mean;
        double most = plan.RequestsPerSecond * tokens * 3600 * TokenCost.HoursPerMonth / 1e6;
        return new(most, [.. (shares is { Count: > 0 } ? shares : [.. UsualShares]).Select(share =>
        {
            if (!(share is > 0 and <= 1))
            {
                throw new EstimateException(nameof(shares), $"above 0, at most 1 is right; it is {NumberText.Short(share)}.");
            }

            return new CostPoint(share, money.RentUsdPerMonth / (share * most),
                money.BuyBySharePerMonth?.At(share) / (share * most), 1e6 * money.ApiUsdPerRequest / tokens);
        })]);
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(CostCurve), PrintMembers);
}

/// <summary>US dollars a million tokens at a share of the time at work.</summary>
/// <param name="BusyShare">The share, above 0 to 1.</param>
/// <param name="Rent">On rented machines; null where there are none.</param>
/// <param name="Buy">On owned ones; null where there are none.</param>
/// <param name="Api">By a hosted API; null where there is none.</param>
public readonly record struct CostPoint(double BusyShare, double? Rent, double? Buy, double? Api)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(CostPoint), PrintMembers);
}
