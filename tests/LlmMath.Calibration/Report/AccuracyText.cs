using System.Globalization;
using System.Text;

namespace LlmMath.Calibration;

/// <summary>Writes the speed part of docs/ACCURACY.md.</summary>
internal static class AccuracyText
{
    public const string Begin = "<!-- speed: written by tests/LlmMath.Calibration -->", End = "<!-- /speed -->";

    private static readonly (string Engine, Metric Metric, double Median, double Ninety)[] s_bounds =
    [
        ("vllm", Metric.InterToken, 0.10, 0.30), ("sglang", Metric.InterToken, 0.10, 0.30), ("tensorrt-llm", Metric.InterToken, 0.10, 0.30),
        ("vllm", Metric.FirstToken, 0.20, 0), ("sglang", Metric.FirstToken, 0.20, 0), ("tensorrt-llm", Metric.FirstToken, 0.20, 0),
        ("tensorrt-llm", Metric.Saturated, 0.20, 0), ("llama-cpp", Metric.InterToken, 0.08, 0), ("llama-cpp", Metric.PrefillPass, 0.20, 0),
    ];

    public static string Of(IEnumerable<(Observation Row, double Unseen, double Seen)> predictions)
    {
        var text = new StringBuilder();
        List<(Observation Row, double Unseen, double Seen)> all = [.. predictions];
        text.AppendLine(Begin).AppendLine("## Speed").AppendLine()
            .AppendLine("Every figure below is of rows whose model (by its shape) on that GPU, whatever the engine, the fit had not seen: leave a model × GPU")
            .AppendLine("out. The bound is the pure roofline on the same rows: every peak reached, nothing else taking time. `dotnet run --project")
            .AppendLine("tests/LlmMath.Calibration -c Release -- fit` prints and writes it. The widths of the priors were chosen on the same")
            .AppendLine("cross-validation (some forty numbers for all engines together), so unseen engines and models may err a little more.").AppendLine()
            .AppendLine("| engine | measured | rows | median error | 90th percentile | in the 80 % range | bound's median | asked | reached |")
            .AppendLine("|---|---|---:|---:|---:|---:|---:|---|---|");
        foreach ((string engine, Metric metric, double median, double ninety) in s_bounds)
        {
            List<(Observation Row, double Unseen, double Seen)> of = [.. all.Where(p => p.Row.Engine == engine && p.Row.Metric == metric)];
            var found = Statistics.Of(of.Select(p => (p.Unseen, p.Row.Seconds, p.Row.Rows)));
            var bound = Statistics.Of(of.Select(p => (p.Row.Predict(EngineConstants.Bound), p.Row.Seconds, p.Row.Rows)));
            bool reached = found.Median <= median && (ninety == 0 || found.Ninety <= ninety);
            text.AppendLine(CultureInfo.InvariantCulture, $"| {engine} | {Words(metric)} | {found.Rows:N0} | {found.Median:P1} | {found.Ninety:P1} | {Coverage(of):P0} | {bound.Median:P0} | ≤ {median:P0}{(ninety > 0 ? $", ≤ {ninety:P0}" : "")} | {(reached ? "yes" : "no")} |");
        }

        foreach (string engine in s_bounds.Where(b => b.Metric == Metric.InterToken && b.Engine != "llama-cpp").Select(b => b.Engine))
        {
            var throughput = Statistics.Of(Requests(all, engine));
            text.AppendLine(CultureInfo.InvariantCulture, $"| {engine} | throughput per GPU | {throughput.Rows:N0} | {throughput.Median:P1} | {throughput.Ninety:P1} | | | ≤ 12 % | {(throughput.Median <= 0.12 ? "yes" : "no")} |");
        }

        text.AppendLine().AppendLine("Groups by median error between tokens (and, of llama.cpp, in prefill), the worst first:").AppendLine()
            .AppendLine("| engine | model | GPU | measured | rows | unseen | seen |").AppendLine("|---|---|---|---|---:|---:|---:|");
        foreach (var group in all.Where(p => p.Row.Metric != Metric.FirstToken)
            .GroupBy(p => (p.Row.Engine, p.Row.Model.Name, Gpu: p.Row.Gpu.Name, p.Row.Metric))
            .Select(g => (g.Key, Unseen: Statistics.Of(g.Select(p => (p.Unseen, p.Row.Seconds, p.Row.Rows))), Seen: Statistics.Of(g.Select(p => (p.Seen, p.Row.Seconds, p.Row.Rows)))))
            .OrderByDescending(g => g.Unseen.Median).ThenBy(g => g.Key.ToString(), StringComparer.Ordinal).Take(20))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {group.Key.Engine} | {group.Key.Name} | {group.Key.Gpu} | {Words(group.Key.Metric)} | {group.Unseen.Rows} | {group.Unseen.Median:P0} | {group.Seen.Median:P0} |");
        }

        return text.AppendLine().Append(End).ToString();
    }

    // The range of a row is read off the residuals of the engine's other groups.
    private static double Coverage(List<(Observation Row, double Unseen, double Seen)> of)
    {
        double inside = 0, rows = 0;
        foreach (var group in of.GroupBy(p => p.Row.Group))
        {
            var others = Statistics.Of(of.Where(p => p.Row.Group != group.Key).Select(p => (p.Unseen, p.Row.Seconds, p.Row.Rows)));
            int count = group.Sum(p => p.Row.Rows);
            inside += count * Statistics.Within(group.Select(p => (p.Unseen, p.Row.Seconds, p.Row.Rows)), new(others.Low, others.High));
            rows += count;
        }

        return inside / rows;
    }

    private static IEnumerable<(double Predicted, double Measured, int Rows)> Requests(List<(Observation Row, double Unseen, double Seen)> all, string engine)
    {
        foreach (var request in all.Where(p => p.Row.Engine == engine && p.Row.Metric is Metric.FirstToken or Metric.InterToken)
            .GroupBy(p => p.Row.Key).Where(g => g.Count() == 2))
        {
            var first = request.First(p => p.Row.Metric == Metric.FirstToken);
            var between = request.First(p => p.Row.Metric == Metric.InterToken);
            double intervals = first.Row.Load.Output - 1;
            yield return (1 / (first.Unseen + (intervals * between.Unseen)), 1 / (first.Row.Seconds + (intervals * between.Row.Seconds)), first.Row.Rows);
        }
    }

    private static string Words(Metric metric) => metric switch
    {
        Metric.FirstToken => "time to first token",
        Metric.InterToken => "time between tokens",
        Metric.PrefillPass => "prompt processing",
        _ => "saturated throughput",
    };
}
