using System.Globalization;

namespace LlmMath.Calibration;

/// <summary>What was asked of some figures, and whether all of it is reached.</summary>
internal static class Bounds
{
    /// <summary>Two cells of a table; empty where nothing was asked.</summary>
    public static string Cells(params (string What, double Found, double? Most)[] bounds)
    {
        (string What, double Found, double? Most)[] asked = [.. bounds.Where(bound => bound.Most is not null)];
        return string.Join(", ", asked.Select(bound => string.Create(CultureInfo.InvariantCulture,
            $"{bound.What} ≤ {bound.Most:0.## %}"))) + " | "
            + (asked.Length == 0 ? "" : asked.All(bound => bound.Found <= bound.Most) ? "yes" : "no") + " |";
    }
}
