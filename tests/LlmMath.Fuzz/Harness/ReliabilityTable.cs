using System.Globalization;
using System.Text;

namespace LlmMath.Fuzz;

/// <summary>The table of docs/RELIABILITY.md.</summary>
internal static class ReliabilityTable
{
    public static string Of(IReadOnlyList<FuzzResult> results, FuzzPlan plan)
    {
        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture,
            $"Seed {plan.Seed}, from input {plan.From}; .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}.");
        table.AppendLine();
        table.AppendLine("| surface | inputs | accepted | refused | failed | a second | slowest | over 1 s | most allocated |");
        table.AppendLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (FuzzResult result in results)
        {
            table.AppendLine(CultureInfo.InvariantCulture,
                $"| `{result.Surface.Name}` | {result.Tried:N0} | {result.Accepted:N0} | {result.Refused:N0} "
                + $"| {result.Failures.Sum(failure => failure.Count):N0} | {result.Tried / result.Seconds:N0} "
                + $"| {result.Slowest.Seconds:0.00} s | {result.OverASecond:N0} | {result.Largest.Bytes / 1e6:0.0} MB |");
        }

        table.AppendLine();
        foreach (FuzzResult result in results)
        {
            table.AppendLine($"- `{result.Surface.Name}`: {result.Surface.Property}. Done: {Work(result)}.");
        }

        return table.ToString();
    }

    private static string Work(FuzzResult result) => string.Join(", ",
        result.Work.Select(work => string.Create(CultureInfo.InvariantCulture, $"{work.Value:N0} {work.Key}")));
}
