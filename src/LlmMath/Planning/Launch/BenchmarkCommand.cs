using System.Globalization;
using LlmMath.Basics;
using LlmMath.Planning.Launch;

namespace LlmMath.Planning;

/// <summary>The command of a benchmark that proves or refutes a plan: it asks one replica, where the plan's engine listens, as
/// many requests at once as the plan has, each of mean length; and the figures that are expected of it.</summary>
/// <param name="Tool">What runs it: <c>vllm</c> (<c>vllm bench serve</c>), <c>guidellm</c> or <c>aiperf</c>.</param>
/// <param name="Version">The tool's version, whose flags were read.</param>
/// <param name="Words">The command's words.</param>
/// <param name="Expected">What it should measure, a figure a line, each with the range in which eight of ten measurements
/// lay.</param>
public sealed record BenchmarkCommand(string Tool, string Version, ValueList<string> Words, ValueList<string> Expected)
{
    private const string Server = "127.0.0.1";
    private const int Port = 8000, LeastRequests = 64, Rounds = 8;

    /// <summary>The benchmark of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="tool">What runs it, one of <see cref="LaunchFlags.Benchmarks"/>.</param>
    /// <param name="checkpoint">The model's name at the engine; null for its repository.</param>
    /// <exception cref="UnknownNameException">Nobody read the tool's flags.</exception>
    /// <exception cref="EstimateException">The tool cannot be told something of the plan; the error names it.</exception>
    public static BenchmarkCommand Of(Plan plan, string tool = "vllm", string? checkpoint = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(tool);
        var flags = LaunchFlags.OfBenchmark(tool);
        Workload load = plan.Estimate.Workload;
        string model = checkpoint ?? plan.Deployment.Model.Id;
        return new(tool, flags.Versions[0],
            [.. tool switch
            {
                "vllm" => Vllm(flags, load, model),
                "guidellm" => GuideLlm(flags, load, model),
                _ => AiPerf(flags, load, model),
            }],
            [
                Line("time to the first token, ms", plan.Estimate.TimeToFirstToken),
                Line("time between tokens of an answer (TPOT), ms", plan.Estimate.InterTokenLatency),
                Line("whole answer, ms", plan.Estimate.TotalTime),
                FormattableString.Invariant($"tokens written a second, all requests together: ")
                    + FormattableString.Invariant($"{NumberText.Short(plan.Estimate.TokensPerSecond.Expected)} (")
                    + FormattableString.Invariant($"{NumberText.Short(plan.Estimate.TokensPerSecond.Low)} to ")
                    + FormattableString.Invariant($"{NumberText.Short(plan.Estimate.TokensPerSecond.High)})"),
            ]);
    }

    /// <summary>What is expected, as comments, and the command as a shell reads it.</summary>
    public string Text => "# expected in the mean of one replica; outside the range the plan is refuted\n"
        + string.Concat(Expected.Select(line => $"# {line}\n")) + ShellText.Join(Words) + "\n";

    /// <summary>The command as a shell reads it.</summary>
    public override string ToString() => ShellText.Join(Words);

    private static IEnumerable<string> Vllm(LaunchFlags flags, Workload load, string model) =>
    [
        "vllm", "bench", "serve", .. Said(flags, "host", Server), .. Said(flags, "port", N(Port)), .. Said(flags, "model", model),
        .. Said(flags, "dataset", "random"), .. Said(flags, "prompt", N(load.PromptTokens - load.CachedPromptTokens)),
        .. Said(flags, "shared-prefix", N(load.CachedPromptTokens)), .. Said(flags, "output", N(load.OutputTokens)),
        .. Said(flags, "at-once", N(load.Requests)), .. Said(flags, "requests", N(Requests(load))),
        .. Said(flags, "warm-up", N(load.Requests)), Flag(flags, "whole-answers"), .. Said(flags, "metrics", "ttft,tpot,e2el"),
        .. Said(flags, "percentiles", "50,90"),
    ];

    private static IEnumerable<string> GuideLlm(LaunchFlags flags, Workload load, string model)
    {
        if (load.CachedPromptTokens > 0)
        {
            throw new EstimateException(nameof(load.CachedPromptTokens),
                "how guidellm counts a shared beginning of prompts was not read; take vllm or aiperf.");
        }

        // Its settings are name=value between commas.
        return model.IndexOfAny([',', '=', '{']) >= 0
            ? throw new EstimateException(nameof(model), "guidellm cannot be told a name with , = or {; take vllm or aiperf.")
            :
            [
                "guidellm", "run", .. Said(flags, "server", $"kind=openai_http,target=http://{Server}:{N(Port)},model={model}"),
                .. Said(flags, "lengths",
                    $"kind=synthetic_text,prompt_tokens={N(load.PromptTokens)},output_tokens={N(load.OutputTokens)}"),
                .. Said(flags, "at-once", $"kind=concurrent,streams={N(load.Requests)}"),
                .. Said(flags, "requests", $"kind=max_requests,count={N(Requests(load))}"),
            ];
    }

    private static IEnumerable<string> AiPerf(LaunchFlags flags, Workload load, string model) =>
    [
        "aiperf", "profile", .. Said(flags, "model", model), .. Said(flags, "endpoint", "chat"), Flag(flags, "streaming"),
        .. Said(flags, "server", $"{Server}:{N(Port)}"),
        .. Said(flags, "prompt", N(load.PromptTokens - load.CachedPromptTokens)), .. Said(flags, "prompt-spread", "0"),
        .. Said(flags, "output", N(load.OutputTokens)), .. Said(flags, "output-spread", "0"),
        .. Said(flags, "inputs", $"min_tokens:{N(load.OutputTokens)}"), .. Said(flags, "inputs", "ignore_eos:true"),
        .. load.CachedPromptTokens == 0 ? []
            : (string[])[.. Said(flags, "prefixes", "1"), .. Said(flags, "shared-prefix", N(load.CachedPromptTokens))],
        .. Said(flags, "at-once", N(load.Requests)), .. Said(flags, "requests", N(Requests(load))),
        .. Said(flags, "warm-up", N(load.Requests)),
    ];

    private static string[] Said(LaunchFlags flags, string concept, string value) => [Flag(flags, concept), value];

    private static string Flag(LaunchFlags flags, string concept) => flags.For(concept, flags.Versions[0]).Flag;

    // So many that the first, which come together, do not count for much.
    private static long Requests(Workload load) => Math.Max(LeastRequests, (long)Rounds * load.Requests);

    private static string Line(string name, in TimeRange time) => $"{name}: "
        + FormattableString.Invariant($"{NumberText.Short(time.Expected.TotalMilliseconds)} (")
        + FormattableString.Invariant($"{NumberText.Short(time.Low.TotalMilliseconds)} to ")
        + FormattableString.Invariant($"{NumberText.Short(time.High.TotalMilliseconds)})");

    private static string N(long number) => number.ToString(CultureInfo.InvariantCulture);
}
