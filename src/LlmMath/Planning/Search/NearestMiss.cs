using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>How far the limits would have to move where nothing meets all of them.</summary>
/// <param name="Moves">Limits of which one alone, moved so far, lets something meet the rest; empty where no single one
/// does.</param>
/// <param name="Unlimited">The cheapest plan without limits of time and money; null where nothing serves at all.</param>
public sealed record NearestMiss(ValueList<LimitMove> Moves, Plan? Unlimited)
{
    /// <summary>The moves.</summary>
    public override string ToString() => Moves.Count == 0 ? "no single limit is the reason" : string.Join("; ", Moves);
}

/// <summary>How far one limit would have to move, the others as they are.</summary>
/// <param name="Limit">Which: the reason for which things fell out.</param>
/// <param name="Asked">What was asked: milliseconds; of the budget, US dollars.</param>
/// <param name="Needed">What would do, in the same unit.</param>
/// <param name="By">What serves then, in words.</param>
public sealed record LimitMove(DropReason Limit, double Asked, double Needed, string By)
{
    /// <summary>The move.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Limit}: {NumberText.Short(Needed)} instead of {NumberText.Short(Asked)} ({By})");
}
