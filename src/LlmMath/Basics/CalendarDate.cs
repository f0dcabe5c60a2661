using System.Globalization;

namespace LlmMath.Basics;

/// <summary>Dates as sources give them: a year, a month or a day, as in ISO 8601. As texts they sort by time.</summary>
internal static class CalendarDate
{
    /// <summary>Characters of <c>2026-04</c>.</summary>
    public const int MonthLength = 7;

    private static readonly string[] s_forms = ["yyyy", "yyyy-MM", "yyyy-MM-dd"];

    /// <summary>Whether a text is <c>2026</c>, <c>2026-04</c> or <c>2026-04-24</c>, of a day that there is.</summary>
    public static bool IsDate(string text) => DateTime.TryParseExact(text, s_forms, CultureInfo.InvariantCulture,
        DateTimeStyles.None, out _);
}
