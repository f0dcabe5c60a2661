using System.Globalization;

namespace LlmMath.Planning.Prices;

/// <summary>What the date of a price says against it.</summary>
internal static class PriceAge
{
    /// <summary>The days after which a price is called old.</summary>
    private const int OldAfterDays = 90;

    public static string? Caution(string what, DateOnly? date, DateOnly today)
    {
        if (date is not { } day)
        {
            return $"The price of {what} is undated: ask for today's.";
        }

        int days = today.DayNumber - day.DayNumber;
        return days <= OldAfterDays ? null : string.Create(CultureInfo.InvariantCulture,
            $"The price of {what} is of {day:yyyy-MM-dd}, {days:N0} days old: ask for today's.");
    }
}
