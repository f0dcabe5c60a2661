using System.Globalization;
using LlmMath.Engines;

namespace LlmMath.Cli.Measured;

/// <summary>A result of <c>vllm bench serve --save-result</c> (vllm-project/vllm@def9ce85b, vllm/benchmarks/serve.py) or a line
/// of SGLang's <c>bench_serving</c> (sgl-project/sglang@6e48df336, python/sglang/benchmark/serving.py): means over
/// requests.</summary>
internal static class ServerBench
{
    /// <summary>Whether a row is one of theirs.</summary>
    public static bool IsOf(MeasuredFields fields) => fields.Has("mean_ttft_ms") && fields.Has("total_input_tokens");

    /// <summary>Its two times, to the first token and between tokens; none, with the reason, where they say nothing.</summary>
    /// <exception cref="CliException">A field is missing or wrong.</exception>
    public static (IReadOnlyList<MeasuredRow> Rows, string? Reason) Read(MeasuredFields fields)
    {
        int completed = fields.Integer("completed", 0) ?? throw fields.Missing("completed");
        if (completed == 0)
        {
            return ([], "no request was completed");
        }

        bool isVllm = fields.Has("tokenizer_id");
        string rate = fields.Text("request_rate") ?? "inf";
        // SGLang's mean of requests under way stands where nothing limited them.
        double? running = fields.Positive("max_concurrency")
            ?? (rate is "inf" or "Infinity" or "\"inf\"" ? completed : fields.Positive("concurrency"));
        if (running is null)
        {
            return ([], $"requests came at a rate of {rate} a second, and how many ran at once is not told: measure with "
                + "--max-concurrency");
        }

        double prompt = fields.RequiredPositive("total_input_tokens") / completed;
        double output = fields.RequiredPositive("total_output_tokens") / completed;
        if (!(prompt < int.MaxValue && output < int.MaxValue && running < int.MaxValue))
        {
            throw fields.Wrong("total_input_tokens", "a number of tokens below 2^31 a request");
        }

        var row = new MeasuredRow
        {
            Row = fields.Row,
            Engine = isVllm ? "vllm" : "sglang",
            Model = fields.Text("model_id") ?? fields.Text("server_info.model_path"),
            Tensor = fields.Integer("server_info.tp_size", 1),
            Gpus = fields.Integer("server_info.tp_size", 1),
            Prompt = Math.Max(1, (int)Math.Round(prompt)),
            Output = Math.Max(1, (int)Math.Round(output)),
            Requests = Math.Max(1, (int)Math.Round(Math.Min(running.Value, completed))),
            IsTogether = !fields.Has("max_concurrency") || fields.Text("max_concurrency") is null,
            Time = MeasuredTime.FirstToken,
            Seconds = fields.RequiredPositive("mean_ttft_ms") / 1e3,
        };
        double? between = row.Output > 1 ? fields.RequiredPositive("mean_tpot_ms") / 1e3 : null;
        return (between is not { } seconds ? [row]
            : [row, row with { Time = MeasuredTime.BetweenTokens, Seconds = seconds }], null);
    }
}
