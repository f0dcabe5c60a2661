using System.Text.Json;

namespace LlmMath.Cli.Bench;

/// <summary>A result as the contract of the command line has it; rates in GB/s.</summary>
internal static class BenchJson
{
    private const double Giga = 1e9;

    public static void Write(Utf8JsonWriter writer, BenchResult result)
    {
        writer.WriteStartObject();
        writer.WriteString("kernel", result.Case.Kernel.Name);
        writer.WriteString("level", result.Case.Level.Name);
        writer.WriteNumber("rows", result.Rows);
        writer.WriteNumber("columns", result.Case.Columns);
        writer.WriteNumber("threads", result.Case.Threads);
        writer.WriteString("implementation", result.Implementation);
        writer.WriteNumber("gigabytesPerSecond", result.BytesPerSecond.Median / Giga);
        writer.WriteNumber("leastGigabytesPerSecond", result.BytesPerSecond.Least / Giga);
        writer.WriteNumber("mostGigabytesPerSecond", result.BytesPerSecond.Most / Giga);
        writer.WriteNumber("readLimit", result.ReadLimit / Giga);
        writer.WriteStartObject("ratioTo");
        foreach ((string peer, double ratio) in result.RatioTo)
        {
            writer.WriteNumber(peer, ratio);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
