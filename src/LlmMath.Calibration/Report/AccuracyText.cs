using System.Globalization;
using System.Text;
using LlmMath.Engines;
using LlmMath.Models.Families;

namespace LlmMath.Calibration;

/// <summary>Writes the speed part of docs/ACCURACY.md.</summary>
internal static class AccuracyText
{
    public const string Begin = "<!-- speed: written by src/LlmMath.Calibration -->", End = "<!-- /speed -->";

    internal const string Columns = "| engine | measured | rows | median error | 90th percentile | in the 80 % range "
        + "| bound's median | asked | reached |";

    private const string Why = """
        What is not reached, and why:

        - **Noise floor.** Where the source holds one setting several times, with the same version, times between tokens differ
          from their median by 0.2 % in the median and 7 % at the 90th percentile (vLLM), those to the first token by 1.3 % and
          11 % (TensorRT-LLM: 28 % and 39 %, of 8 rows). Some such rows are one run reported twice. With any version, SGLang's
          times to the first token differ from their median by 87 % at the 90th percentile.
        - **TensorRT-LLM, time between tokens.** On rows seen the same constants err by 7 %: the form fits, but five or six
          models an engine say too little about a seventh. Qwen3 235B, the only one that it ran at prompts below 1,024 tokens, is
          estimated 20 % too slow; Llama 3.1 70B in nvfp4 too fast by as much; DeepSeek with attention data-parallel errs by 20
          to 40 %. SGLang's 90th percentile is made by DeepSeek V3 in 0.5.10, which reads prompts of 8,192 tokens on B300 four
          times as slowly as 0.5.9 on B200 (179 ms a token at 128 requests, 50 ms), as it does not Qwen3.5's, and by Llama 3.1
          8B, the only dense model in its rows.
        - **Experts spread over the GPUs of tensor parallelism** are reckoned as if they were divided: a GPU reads as many bytes
          either way. Of 43 settings measured both ways (42 of them vLLM's), spread experts took 0.88 to 1.00 times as long
          between tokens with MiniMax M2.5 (medians by GPU and degree), 1.07 with Kimi K2, 1.00 with Qwen3 235B. TensorRT-LLM
          ran all of Qwen3 235B so and has one pair (0.98), so that its rows cannot tell the spreading from the model.
        - **Time to the first token, SGLang.** In rows of November 2025 it is 5 to 9 s where the same setting took 0.5 s in March
          2026; with one version (0.5.9) Qwen3.5 takes 305 ms on eight B200 in early March and 172 ms on eight B300 in April, the
          time between tokens being within 5 %. How often the engine looks for new requests is known from the scripts and is
          reckoned; nothing in the rows tells the rest.
        - **Time to the first token, TensorRT-LLM.** In the 177 rows of Llama 3.1 8B, and in no other model of that version, it
          grows with the length of answers ÷ requests at once, as if one request more than the engine admits waited for its turn:
          seen or not, these err by a third. The options of 61 rows that gather requests for 20 or 40 steps are known from the
          scripts and are reckoned. DeepSeek's 300 ms are taken as waits of its layers, not of its
          prompts: a guess that two GPUs' rows agree with.
        - **vLLM, 90th percentile of throughput.** 21 rows of Llama 3.1 8B, whose rates would need more than the GPU's peak if
          every prompt were read (cached prompts are likely), 51 of Qwen3 235B, twice as slow as MiniMax M2.5 of like size on the
          same GPUs, and 9 with 512 requests, of which the engine ran a handful.
        - **Saturated throughput, 90th percentile.** Llama 4 Maverick and Qwen3 235B with expert or pipeline degrees that their
          rows do not give.

        Not in these figures: rows where speculative decoding was on (inferred: the same setting was measured 1.4 to 2.5 times
        slower between tokens, with a shorter time to the first); disaggregated serving, whose rows are not used; bf16 is assumed
        for the cache where weights are bf16, fp8 otherwise, and bf16 weights for the 177 rows of Llama 3.1 8B that leave the
        precision blank (16-bit weights alone explain its time at 8 requests).

        """;

    private static readonly (string Engine, Metric Metric, double Median, double Ninety)[] s_bounds =
    [
        ("vllm", Metric.InterToken, 0.10, 0.30), ("sglang", Metric.InterToken, 0.10, 0.30),
        ("tensorrt-llm", Metric.InterToken, 0.10, 0.30),
        ("vllm", Metric.FirstToken, 0.20, 0), ("sglang", Metric.FirstToken, 0.20, 0),
        ("tensorrt-llm", Metric.FirstToken, 0.20, 0),
        ("tensorrt-llm", Metric.Saturated, 0.20, 0),
    ];

    public static string Of(IReadOnlyCollection<FittedRow> all)
    {
        var text = new StringBuilder();
        text.AppendLine(Begin).AppendLine("## Speed of serving").AppendLine()
            .AppendLine("Every figure below is of rows whose model (by its shape) on that GPU, whatever the engine and its")
            .AppendLine("release, the fit had not seen: leave a model × GPU out. A row's own release is known to the estimate")
            .AppendLine("as far as rows of other models or GPUs tell it. The bound is the pure roofline on the same rows:")
            .AppendLine("every peak reached, nothing else taking time. `dotnet run --project src/LlmMath.Calibration -c")
            .AppendLine("Release -- fit` prints and writes it. The widths of the priors were chosen on the same")
            .AppendLine("cross-validation (some sixty numbers for all engines together), so unseen engines and models may err")
            .AppendLine("a little more.").AppendLine()
            .AppendLine(Columns)
            .AppendLine("|---|---|---:|---:|---:|---:|---:|---|---|");
        foreach ((string engine, Metric metric, double median, double ninety) in s_bounds)
        {
            List<FittedRow> of = [.. all.Where(p => p.Row.Engine.Name == engine && p.Row.Metric == metric)];
            var found = Statistics.Of(of.Select(p => (p.Unseen, p.Row.Seconds, p.Row.Rows)));
            var bound = Statistics.Of(of.Select(p => (p.Row.Predict(EngineConstants.Bound), p.Row.Seconds, p.Row.Rows)));
            bool reached = found.Median <= median && (ninety == 0 || found.Ninety <= ninety);
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {engine} | {MetricWords.Of(metric)} | {found.Rows:N0} | {found.Median:P1} | {found.Ninety:P1} "
                + $"| {Coverage(of):P0} | {bound.Median:P0} | ≤ {median:P0}{(ninety > 0 ? $", ≤ {ninety:P0}" : "")} "
                + $"| {(reached ? "yes" : "no")} |");
        }

        foreach (string engine in s_bounds.Where(b => b.Metric == Metric.InterToken).Select(b => b.Engine))
        {
            var throughput = Statistics.Of(Requests(all, engine));
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {engine} | throughput per GPU | {throughput.Rows:N0} | {throughput.Median:P1} | {throughput.Ninety:P1} "
                + $"| | | ≤ 12 % | {(throughput.Median <= 0.12 ? "yes" : "no")} |");
        }

        text.AppendLine().AppendLine("Groups by median error between tokens, the worst first:").AppendLine()
            .AppendLine("| engine | model | GPU | measured | rows | unseen | seen |")
                .AppendLine("|---|---|---|---|---:|---:|---:|");
        foreach (var group in all.Where(p => p.Row.Metric != Metric.FirstToken)
            .GroupBy(p => (Engine: p.Row.Engine.Name, p.Row.Model.Name, Gpu: p.Row.Gpu.Name, p.Row.Metric))
            .Select(g => (g.Key, Unseen: Statistics.Of(g.Select(p => (p.Unseen, p.Row.Seconds, p.Row.Rows))),
                Seen: Statistics.Of(g.Select(p => (p.Seen, p.Row.Seconds, p.Row.Rows)))))
            .OrderByDescending(g => g.Unseen.Median).ThenBy(g => g.Key.ToString(), StringComparer.Ordinal).Take(20))
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {group.Key.Engine} | {group.Key.Name} | {group.Key.Gpu} | {MetricWords.Of(group.Key.Metric)} "
                + $"| {group.Unseen.Rows} | {group.Unseen.Median:P0} | {group.Seen.Median:P0} |");
        }

        return text.AppendLine().AppendLine(Why).Append(End).ToString();
    }

    // The range of a row is read off the residuals of the engine's other groups.
    private static double Coverage(List<FittedRow> of)
    {
        double inside = 0, rows = 0;
        foreach (var group in of.GroupBy(p => p.Row.Group))
        {
            var others = Statistics.Of(of.Where(p => p.Row.Group != group.Key)
                .Select(p => (p.Unseen, p.Row.Seconds, p.Row.Rows)));
            int count = group.Sum(p => p.Row.Rows);
            inside += count * Statistics.Within(group.Select(p => (p.Unseen, p.Row.Seconds, p.Row.Rows)),
                new(others.Low, others.High));
            rows += count;
        }

        return inside / rows;
    }

    private static IEnumerable<(double Predicted, double Measured, int Rows)> Requests(
        IReadOnlyCollection<FittedRow> all, string engine)
    {
        foreach (var request in all.Where(p => p.Row.Engine.Name == engine && p.Row.Metric is Metric.FirstToken or Metric.InterToken)
            .GroupBy(p => p.Row.Key).Where(g => g.Count() == 2))
        {
            var first = request.First(p => p.Row.Metric == Metric.FirstToken);
            var between = request.First(p => p.Row.Metric == Metric.InterToken);
            double intervals = first.Row.Load.Output - 1;
            yield return (1 / (first.Unseen + (intervals * between.Unseen)),
                1 / (first.Row.Seconds + (intervals * between.Row.Seconds)), first.Row.Rows);
        }
    }
}
