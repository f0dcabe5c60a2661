using System.Globalization;
using System.Text;

namespace LlmMath.Calibration;

/// <summary>Writes the speed part of docs/ACCURACY.md.</summary>
internal static class AccuracyText
{
    public const string Begin = "<!-- speed: written by tests/LlmMath.Calibration -->", End = "<!-- /speed -->";

    private const string Why = """
        What is not reached, and why:

        - **SGLang and TensorRT-LLM, time between tokens.** On rows seen the same constants err by 7 to 9 %: the form fits, but five or six
          models an engine, in seven versions and more, say too little about a seventh. TensorRT-LLM ran gpt-oss on H200 with other expert
          kernels than on B200; in SGLang Qwen3.5 in bf16 took 8.1 ms on eight B200 in February 2026 and 6.5 ms on eight B300 of the same
          bandwidth in April, with another version.
        - **Time to the first token.** In SGLang's rows of November 2025 it is 5 to 9 s where the same setting took 0.5 s in March 2026; in
          TensorRT-LLM's of Llama 3.1 70B it triples between outputs of 8,192 and 1,024 tokens of the same prompt on 1, 2 and 4 GPUs, and not
          on 8; in those of Llama 3.1 8B it falls as requests are added, as a few slow first requests would make it. Nothing in the rows
          tells when.
        - **vLLM, 90th percentile.** It is made by 21 rows of Llama 3.1 8B, whose rates would need more than the GPU's peak if every prompt
          were read (cached prompts are likely), 51 of Qwen3 235B, twice as slow as MiniMax M2.5 of like size on the same GPUs, and 9 with
          512 requests, of which the engine ran a handful.
        - **Saturated throughput, 90th percentile.** Llama 4 Maverick and Qwen3 235B with expert or pipeline degrees that their rows do not give.

        Not in these figures: rows where speculative decoding was on (inferred: the same setting was measured 1.4 to 2.5 times slower between
        tokens, with a shorter time to the first); disaggregated serving, whose rows are not used; bf16 is assumed for the cache where weights
        are bf16, fp8 otherwise, and bf16 weights for the 177 rows of Llama 3.1 8B that leave the precision blank (16-bit weights alone explain
        its time at 8 requests).

        """;

    private static readonly (string Engine, Metric Metric, double Median, double Ninety)[] s_bounds =
    [
        ("vllm", Metric.InterToken, 0.10, 0.30), ("sglang", Metric.InterToken, 0.10, 0.30), ("tensorrt-llm", Metric.InterToken, 0.10, 0.30),
        ("vllm", Metric.FirstToken, 0.20, 0), ("sglang", Metric.FirstToken, 0.20, 0), ("tensorrt-llm", Metric.FirstToken, 0.20, 0),
        ("tensorrt-llm", Metric.Saturated, 0.20, 0),
    ];

    public static string Of(IEnumerable<(Observation Row, double Unseen, double Seen)> predictions)
    {
        var text = new StringBuilder();
        List<(Observation Row, double Unseen, double Seen)> all = [.. predictions];
        text.AppendLine(Begin).AppendLine("## Speed of serving").AppendLine()
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

        foreach (string engine in s_bounds.Where(b => b.Metric == Metric.InterToken).Select(b => b.Engine))
        {
            var throughput = Statistics.Of(Requests(all, engine));
            text.AppendLine(CultureInfo.InvariantCulture, $"| {engine} | throughput per GPU | {throughput.Rows:N0} | {throughput.Median:P1} | {throughput.Ninety:P1} | | | ≤ 12 % | {(throughput.Median <= 0.12 ? "yes" : "no")} |");
        }

        text.AppendLine().AppendLine("Groups by median error between tokens, the worst first:").AppendLine()
            .AppendLine("| engine | model | GPU | measured | rows | unseen | seen |").AppendLine("|---|---|---|---|---:|---:|---:|");
        foreach (var group in all.Where(p => p.Row.Metric != Metric.FirstToken)
            .GroupBy(p => (p.Row.Engine, p.Row.Model.Name, Gpu: p.Row.Gpu.Name, p.Row.Metric))
            .Select(g => (g.Key, Unseen: Statistics.Of(g.Select(p => (p.Unseen, p.Row.Seconds, p.Row.Rows))), Seen: Statistics.Of(g.Select(p => (p.Seen, p.Row.Seconds, p.Row.Rows)))))
            .OrderByDescending(g => g.Unseen.Median).ThenBy(g => g.Key.ToString(), StringComparer.Ordinal).Take(20))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {group.Key.Engine} | {group.Key.Name} | {group.Key.Gpu} | {Words(group.Key.Metric)} | {group.Unseen.Rows} | {group.Unseen.Median:P0} | {group.Seen.Median:P0} |");
        }

        return text.AppendLine().AppendLine(Why).Append(End).ToString();
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

    internal static string Words(Metric metric) => metric switch
    {
        Metric.FirstToken => "time to first token",
        Metric.InterToken => "time between tokens",
        Metric.PrefillPass => "prompt processing",
        _ => "saturated throughput",
    };
}
