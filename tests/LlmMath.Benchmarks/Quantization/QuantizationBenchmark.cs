using System.Globalization;
using LlmMath.Cli;
using LlmMath.Cli.Bench;
using LlmMath.Cli.Bench.Peers;

namespace LlmMath.Benchmarks.Quantization;

/// <summary>Quantizing and dequantizing in every format beside ggml, one thread, in turn: tables in Markdown.</summary>
internal static class QuantizationBenchmark
{
    /// <summary>Values, and where they lie together with what they become: 16 KiB of fp32 in L1, 64 KiB in L2.</summary>
    private static readonly (int Elements, string Level)[] s_sizes = [(1 << 12, "L1"), (1 << 14, "L2")];

    /// <param name="args"><c>--against ggml=DIR</c>, <c>--rounds N</c>, <c>--format NAME</c> once or more.</param>
    public static void Run(string[] args)
    {
        string? folder = null;
        int rounds = 15;
        var names = new List<string>();
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : throw new CliException($"{args[i]}: a value is missing.");
            switch (args[i])
            {
                case "--against" when value.StartsWith("ggml=", StringComparison.Ordinal):
                    folder = Path.GetFullPath(value["ggml=".Length..]);
                    break;
                case "--rounds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out rounds)
                    && rounds > 0:
                    break;
                case "--format":
                    names.Add(NumberFormats.Find(value).Name);
                    break;
                default:
                    throw new CliException($"{args[i]} {value}: known are --against ggml=DIR, --rounds N and --format NAME.");
            }
        }

        GgmlRows? ggml = folder is null ? null : new GgmlRows(Ggml.Load(folder));
        Cores.PinCaller(0);
        Console.WriteLine($"{Machine.Name}, .NET {Environment.Version}, {KernelPaths.Best}, {rounds} rounds, one thread");
        foreach ((int elements, string level) in s_sizes)
        {
            float[] normals = new float[elements];
            UnitNormals.Fill(normals);
            Console.WriteLine();
            Console.WriteLine($"In {level} ({elements:N0} unit normals); GB/s of fp32, median (min … max):");
            Console.WriteLine();
            Console.WriteLine("| format | quantize | ggml | ratio | to reach | dequantize | ggml | ratio | to reach |");
            Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
            foreach (NumberFormat format in NumberFormats.All.Where(format => names.Count == 0 || names.Contains(format.Name)))
            {
                Console.WriteLine(
                    $"| {format} |{Cells(ggml, format, normals, true, rounds)}{Cells(ggml, format, normals, false, rounds)}");
            }
        }
    }

    private static string Cells(GgmlRows? ggml, NumberFormat format, float[] normals, bool isQuantize, int rounds)
    {
        var contenders = new List<Contender> { Conversion.Own(format, normals, isQuantize) };
        if (ggml is not null && GgmlRows.Has(format.Name))
        {
            contenders.Add(Conversion.Ggml(ggml, format, normals, isQuantize));
        }

        double[][] rates = [.. RoundRobin.Measure(contenders, rounds)
            .Select(seconds => seconds.Select(s => normals.Length * sizeof(float) / s / 1e9).ToArray())];
        contenders.ForEach(contender => contender.Dispose());
        double own = RoundRobin.Median(rates[0]);
        double? ratio = rates.Length > 1 ? own / RoundRobin.Median(rates[1]) : null;
        (double? reached, double? floor, string unit) = QuantizationFloor.Gigabytes(format.Name, isQuantize) is { } gigabytes
            ? (own, gigabytes, " GB/s")
            : (ratio, QuantizationFloor.Ratio(format.Name, isQuantize), "");
        return string.Create(CultureInfo.InvariantCulture,
            $" {Rate(rates[0])} | {(rates.Length > 1 ? Rate(rates[1]) : "")} | {ratio:0.00} "
                + $"| {floor:0.##}{(floor is null ? "" : unit)}{(reached < floor ? " ✗" : "")} |");
    }

    private static string Rate(double[] rates) => string.Create(CultureInfo.InvariantCulture,
        $"{Digits(RoundRobin.Median(rates))} ({Digits(rates.Min())} … {Digits(rates.Max())})");

    private static string Digits(double rate) => rate.ToString(rate < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
