using System.Globalization;

namespace LlmMath.Basics;

/// <summary>Numbers as every text of the library prints them, whatever the locale.</summary>
internal static class NumberText
{
    /// <summary>A whole number with thousands separated by commas.</summary>
    public static string N(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number with all its places, up to twelve, thousands separated by commas.</summary>
    public static string Exact(double number) => number.ToString("#,0.############", CultureInfo.InvariantCulture);

    /// <summary>A number: two places below 100, else whole with thousands separated by commas; from 10¹⁶ on by its power of
    /// ten.</summary>
    public static string Short(double number) => number.ToString(
        Math.Abs(number) >= 1e16 ? "0.###E+0" : number < 100 ? "0.##" : "#,0", CultureInfo.InvariantCulture);

    /// <summary>What a person wrote, quoted, cut after 40 characters.</summary>
    public static string Quoted(string name) => $"\"{(name.Length > 40 ? name.Substring(0, 40) + "…" : name)}\"";
}
