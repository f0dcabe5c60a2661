using System.Globalization;
using LlmMath.Cli.Bench;

namespace LlmMath.Benchmarks;

/// <summary>One line of the table.</summary>
internal static class ResultRow
{
    public static string Of(BenchResult own, BenchResult peer, double? floor)
    {
        double ratio = own.RatioTo[peer.Implementation];
        string reached = floor is not { } least ? "" : $"{least:0.00}{(ratio < least ? " ✗" : "")}";
        return string.Create(CultureInfo.InvariantCulture,
            $"| {own.Case.Kernel} | {own.Case.Level} | {own.Case.Columns} | {own.Case.Vectors} | {own.Case.Threads} "
            + $"| {G(own.BytesPerSecond.Median)} ({G(own.BytesPerSecond.Least)} … {G(own.BytesPerSecond.Most)}) "
            + $"| {own.BytesPerSecond.Median / own.ReadLimit:0.00} | {peer.Implementation} "
                + $"| {G(peer.BytesPerSecond.Median)} | {ratio:0.00} | {reached} |");
    }

    private static string G(double bytesPerSecond) => (bytesPerSecond / 1e9).ToString("0.0", CultureInfo.InvariantCulture);
}
