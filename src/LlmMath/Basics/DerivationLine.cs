using System.Globalization;

namespace LlmMath;

/// <summary>A line of working: what is counted, the formula with its numbers put in, the result, and the total so far.</summary>
/// <param name="Term">What is counted: <c>layer norms</c>.</param>
/// <param name="Formula">The formula with numbers: <c>24 × 2 × 2 × 1,024</c>.</param>
/// <param name="Value">The line's result.</param>
/// <param name="Total">The sum of this line and those before it.</param>
public sealed record DerivationLine(string Term, string Formula, long Value, long Total)
{
    /// <summary>The line as a person writes it.</summary>
    public override string ToString() =>
        string.Format(CultureInfo.InvariantCulture, "{0}: {1} = {2:N0} → {3:N0}", Term, Formula, Value, Total);
}
