using System.Globalization;
using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>A line of working in money.</summary>
/// <param name="Term">What is paid for.</param>
/// <param name="Formula">How it was reckoned, with the numbers put in.</param>
/// <param name="Usd">The line's result in US dollars.</param>
public sealed record MoneyLine(string Term, string Formula, double Usd)
{
    /// <summary>The line as a person writes it.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Term}: {Formula} = {Usd:#,0.00} USD");

    // A number as it stands in a formula: it computes.
    internal static string N(double number) => number.ToString("#,0.######", CultureInfo.InvariantCulture);
}
