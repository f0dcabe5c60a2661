using System.Globalization;
using System.Text;
using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>Writes the part of docs/ACCURACY.md on engines that answer one request at a time on one machine.</summary>
internal static class LocalAccuracyText
{
    public const string Begin = "<!-- speed of one machine: written by src/LlmMath.Calibration -->",
        End = "<!-- /speed of one machine -->";

    private const string Why = """
        What the figures rest on, and what they do not hold for:

        - **llama.cpp.** NVIDIA and Apple with builds of May 2024: without flash attention, packed weights made 16-bit copies
          before they are multiplied. In January 2026 an RTX 6000 Ada read prompts 2.4 to 2.6 times as fast as estimated so, and
          wrote 15 to 26 % faster. Hardware younger than those builds (Blackwell, RDNA 3.5 and 4, M4) is estimated with flash
          attention. Layers divided over several GPUs overlap as far as the queue of launches reaches: 70B models in Q4_K_M gain
          nothing on 2 or 4 GPUs, and do on 6 and 8. An A40 read Llama 3 70B more slowly in a short prompt than in a long one, as
          no term here does.
        - **Ryzen AI Max+ 395, P40.** Their rows are all that there is of AMD and of Pascal: left out, they are estimated from
          NVIDIA's and Apple's other GPUs: the 36 rows of prompts on the one, a mixture of experts, took three times as long.
          Ranges of hardware of a vendor that no row shows are as wide as that. The P40 multiplies packed weights as 8-bit
          integers, at several times the rate of floats that is taken.
        - **Small engines.** ExLlamaV2, MLC, gpt-fast and MLX have 12 to 24 rows each, nearly all of decode at one sequence; what
          a row does not tell they take from the others, and their ranges from the rows of all. gpt-fast's A100 were limited to
          330 W.

        """;

    private static readonly (string Engine, Metric Metric, double Asked)[] s_lines =
    [
        ("llama.cpp", Metric.InterToken, 0.08), ("llama.cpp", Metric.PrefillPass, 0.20),
        ("exllamav2", Metric.InterToken, 0), ("exllamav2", Metric.PrefillPass, 0), ("mlc-llm", Metric.InterToken, 0),
        ("mlx", Metric.InterToken, 0), ("mlx", Metric.PrefillPass, 0), ("gpt-fast", Metric.InterToken, 0),
    ];

    public static string Of(IReadOnlyCollection<FittedRow> all)
    {
        var text = new StringBuilder();
        text.AppendLine(Begin).AppendLine("## Speed on one machine").AppendLine()
            .AppendLine("As above, of engines that answer one request at a time: rows of catalog/evidence/speed.csv whose")
            .AppendLine("model (by its shape) on that GPU, whatever the engine, the fit had not seen. `dotnet run --project")
            .AppendLine("src/LlmMath.Calibration -c Release -- local` fits and writes it, and prints every group.").AppendLine()
            .AppendLine(AccuracyText.Columns)
            .AppendLine("|---|---|---:|---:|---:|---:|---:|---|---|");
        foreach ((string engine, Metric metric, double asked) in s_lines)
        {
            List<FittedRow> of = [.. all.Where(p => p.Row.Engine.Name == engine && p.Row.Metric == metric)];
            var found = Statistics.Of(of.Select(p => (p.Unseen, p.Row.Seconds, 1)));
            var bound = Statistics.Of(of.Select(p => (p.Row.Predict(EngineConstants.Bound), p.Row.Seconds, 1)));
            string coverage = of.Count < 100 ? "" : UnseenBasis.Coverage(of).ToString("P0", CultureInfo.InvariantCulture);
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {engine} | {MetricWords.Of(metric)} | {found.Rows} | {found.Median:P1} | {found.Ninety:P1} "
                + $"| {coverage} | {bound.Median:P0} | {(asked > 0 ? $"≤ {asked:P0}" : "")} "
                + $"| {(asked == 0 ? "" : found.Median <= asked ? "yes" : "no")} |");
        }

        text.AppendLine().AppendLine("Groups by median error, the worst first:").AppendLine()
            .AppendLine("| engine | model | GPU | measured | rows | unseen | seen |")
                .AppendLine("|---|---|---|---|---:|---:|---:|");
        foreach (var group in all.GroupBy(p => (Engine: p.Row.Engine.Name, p.Row.Model.Name, Gpu: p.Row.Gpu.Name, p.Row.Metric))
            .Select(g => (g.Key, Unseen: Statistics.Of(g.Select(p => (p.Unseen, p.Row.Seconds, 1))),
                Seen: Statistics.Of(g.Select(p => (p.Seen, p.Row.Seconds, 1)))))
            .OrderByDescending(g => g.Unseen.Median).ThenBy(g => g.Key.ToString(), StringComparer.Ordinal).Take(15))
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {group.Key.Engine} | {group.Key.Name} | {group.Key.Gpu} | {MetricWords.Of(group.Key.Metric)} "
                + $"| {group.Unseen.Rows} | {group.Unseen.Median:P0} | {group.Seen.Median:P0} |");
        }

        return text.AppendLine().AppendLine(Why).Append(End).ToString();
    }
}
