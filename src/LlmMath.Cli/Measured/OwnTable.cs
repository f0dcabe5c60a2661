using System.Globalization;
using LlmMath.Engines;

namespace LlmMath.Cli.Measured;

/// <summary>A row of a table of one's own. Columns: <c>time</c> (prompt; first_token or TTFT; between_tokens,
/// ITL or TPOT), <c>ms</c> or
/// <c>tokens_per_second</c> (of one sequence); and, where the options do not say it, <c>model</c>, <c>gpu</c>, <c>weights</c>,
/// <c>prompt</c>, <c>output</c>, <c>cached</c>, <c>requests</c>, <c>gpus</c>, <c>tp</c>, <c>kv</c>, <c>engine</c>,
/// <c>backend</c>, <c>host</c>, <c>ram_gb_per_s</c>, <c>threads</c>, <c>ngl</c>, <c>n_cpu_moe</c>, <c>ot</c>,
/// <c>flash_attention</c>.</summary>
internal static class OwnTable
{
    /// <summary>Every column.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "time", "ms", "tokens_per_second", "model", "gpu", "weights", "prompt", "output", "cached", "requests", "gpus", "tp",
        "kv", "engine", "backend", "host", "ram_gb_per_s", "threads", "ngl", "n_cpu_moe", "ot", "flash_attention",
    ];

    private static readonly Dictionary<string, MeasuredTime> s_times = new(StringComparer.OrdinalIgnoreCase)
    {
        ["prompt"] = MeasuredTime.Prompt,
        ["first_token"] = MeasuredTime.FirstToken,
        ["TTFT"] = MeasuredTime.FirstToken,
        ["between_tokens"] = MeasuredTime.BetweenTokens,
        ["ITL"] = MeasuredTime.BetweenTokens,
        ["TPOT"] = MeasuredTime.BetweenTokens,
    };

    /// <summary>Whether a row is one of its.</summary>
    public static bool IsOf(MeasuredFields fields) => fields.Has("time") && (fields.Has("ms") || fields.Has("tokens_per_second"));

    /// <summary>The row.</summary>
    /// <exception cref="CliException">A cell is missing or wrong.</exception>
    public static MeasuredRow Read(MeasuredFields fields)
    {
        MeasuredTime time = s_times.TryGetValue(fields.Required("time"), out MeasuredTime known) ? known
            : throw fields.Wrong("time", string.Join(", ", s_times.Keys));
        int cached = fields.Integer("cached", 0) ?? 0;
        int prompt = fields.Integer("prompt", time == MeasuredTime.BetweenTokens ? 0 : 1)
            ?? (time == MeasuredTime.BetweenTokens ? 0 : throw fields.Missing("prompt"));
        double? rate = fields.Positive("tokens_per_second"), milliseconds = fields.Positive("ms");
        if (rate is null == milliseconds is null)
        {
            throw new CliException($"{fields.Row}: one of ms and tokens_per_second is needed, not both.");
        }

        if (rate is not null && time == MeasuredTime.FirstToken)
        {
            throw new CliException($"{fields.Row}: first_token has a time in ms, no rate.");
        }

        return new()
        {
            Row = fields.Row,
            Engine = fields.Text("engine"),
            Model = fields.Text("model"),
            Gpu = fields.Text("gpu"),
            Gpus = fields.Integer("gpus", 1),
            Tensor = fields.Integer("tp", 1),
            Weights = fields.Text("weights"),
            Cache = fields.Text("kv"),
            Backend = fields.Text("backend"),
            Host = fields.Text("host"),
            Bandwidth = fields.Positive("ram_gb_per_s"),
            Threads = fields.Integer("threads", 1),
            Layers = fields.Integer("ngl", 0),
            ExpertLayers = fields.Integer("n_cpu_moe", 0),
            Rules = fields.Text("ot") is { } rules ? [rules] : [],
            Flash = fields.Text("flash_attention") switch
            {
                null => null,
                "on" => true,
                "off" => false,
                _ => throw fields.Wrong("flash_attention", "on or off"),
            },
            Time = time,
            Prompt = prompt,
            Cached = cached,
            Output = fields.Integer("output", 1) ?? (time == MeasuredTime.Prompt ? 1 : throw fields.Missing("output")),
            Requests = fields.Integer("requests", 1) ?? 1,
            Seconds = milliseconds / 1e3 ?? (time == MeasuredTime.Prompt ? prompt : 1) / rate!.Value,
        };
    }
}
