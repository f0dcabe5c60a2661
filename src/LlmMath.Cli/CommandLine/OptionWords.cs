namespace LlmMath.Cli;

/// <summary>The library's errors in the words of the command line: it names fields, who types knows options.</summary>
internal sealed class OptionWords
{
    /// <summary>The words of <c>memory</c>.</summary>
    public static OptionWords Memory { get; } = new(
        [.. Deployed, ("Context", "--context"), ("Parallelism.Pipeline", "--gpus")],
        [.. Phrases, ("Set ExtendsContext where", "Add --extend-context where")]);

    /// <summary>The words of <c>speed</c> and of measurements that it is compared with.</summary>
    public static OptionWords Speed { get; } = new(
        [.. Deployed, ("Context", "--prompt + --output"), ("Parallelism.Pipeline", "--gpus ÷ --tp")],
        [.. Phrases, Extended]);

    /// <summary>The words of <c>strategy</c>.</summary>
    public static OptionWords Strategy { get; } = new(
        [
            ("Examples", "--examples"), ("TokensPerExample", "--tokens"), ("RequestsPerMonth", "--requests"),
            ("PromptTokens", "--prompt"), ("OutputTokens", "--output"), ("Months", "--months"), ("ExamplesInPrompt", "--shots"),
            ("RetrievedTokens", "--retrieved"), ("Epochs", "--epochs"), ("Rank", "--rank"), ("Adapter.Rank", "--rank"),
            ("peakFactor", "--peak"), ("Weights", "--weights"), ("Engine", "--engine"),
        ],
        []);

    /// <summary>The words of <c>plan</c> and <c>cost</c>.</summary>
    public static OptionWords Plan { get; } = new(
        [
            ("users", "--users"), ("activeShare", "--active-share"), ("requestsPerMinute", "--requests-per-minute"),
            ("peakFactor", "--peak"), ("requestsPerSecond", "--rps"), ("tokensPerDay", "--tokens-per-day"),
            ("requests", "--batch-requests"), ("deadline", "--deadline"),
            ("SharedPrefixTokens", "--shared-prefix"), ("Turns", "--turns"), ("LongestContext", "--context"),
            ("LatencyLimit.Percentile", "--percentile"), ("EndToEnd", "--max-total"),
            ("MostLoss", "--max-loss"), ("GpusPerReplica", "--tp"), ("HoursPerMonth", "--hours"), ("Months", "--months"),
            ("GrowthPerYear", "--growth"), ("Budget", "--budget"), ("Keep", "--top"), ("checkpoint", "--checkpoint"),
        ],
        []);

    /// <summary>The words of <c>train</c>.</summary>
    public static OptionWords Train { get; } = new(
        [
            ("Adapter.Rank", "--rank"), ("Adapter.Ranks", "--rank-pattern"), ("Adapter.TargetModules", "--target-modules"),
            ("Adapter.TargetParameters", "--target-parameters"), ("Adapter.ModulesToSave", "--modules-to-save"),
            ("Engine", "--trainer"), ("Weights", "--weights"), ("Products", "--precision"),
            ("Parallelism.Tensor", "--tp"), ("Parallelism.Pipeline", "--pp"), ("Parallelism.Context", "--cp"),
            ("Placement.Context", "--cp"), ("Parallelism.Expert", "--ep"), ("Parallelism.Sharding", "--sharding"),
            ("Placement.Sharding", "--sharding"), ("Tokens", "--tokens"), ("SequenceLength", "--seq"),
            ("MicroBatch", "--micro-batch"), ("GlobalBatch", "--global-batch"), ("Filled", "--filled"),
            ("EvaluationTokens", "--evaluate"), ("Rollout.Group", "--group"), ("Rollout.Prompts", "--prompts"),
            ("Reference", "--reference"), ("Interruptions.GpuHoursBetween", "--failures"),
            ("Interruptions.CheckpointSeconds", "--checkpoint"),
        ],
        [("Tensor × Data × Context", "--tp × replicas × --cp"), .. Phrases, Extended, ("Zero1", "zero1")]);

    // A deployment and its workload, as memory and speed are told of them.
    private static (string, string)[] Deployed =>
    [
        ("PromptTokens", "--prompt"), ("CachedPromptTokens", "--cached"), ("OutputTokens", "--output"),
        ("EncoderTokens", "--encoder-tokens"), ("Requests", "--batch"), ("DraftTokens", "--draft-tokens"),
        ("TokensPerStep", "--tokens-per-step"), ("Weights", "--weights"), ("Keys", "--kv"), ("Engine", "--engine"),
        ("Backend", "--backend"), ("Placement", "--gpus"), ("Parallelism.Tensor", "--tp"), ("Parallelism.Expert", "--ep"),
        ("Tensors.GpuLayers", "--ngl"), ("Prefill", "--prefill-gpus"), ("Prefill.Engine", "--prefill-gpu"),
        ("Prefill.LinkBytesPerSecond", "--prefill-link"),
    ];

    // What the library says inside a sentence, and remedies that no option gives.
    private static (string, string)[] Phrases =>
    [
        ("Give the tokens a step with SpeculativeDecoding.OfLength", "Give --tokens-per-step"),
        ("Tensor × Data × Context", "--tp × --dp"), ("of Tensor (", "of --tp ("),
        ("Tensors: the pattern", "-ot: the pattern"), ("Tensors: a pattern", "-ot: a pattern"), ("Tensors: \"", "-ot: \""),
        ("Tensors: ", ""),
        ("; give a GPU with BytesPerSecond", ""), ("; give a GPU with PeakRates", ""),
    ];

    // No option of these verbs extends a context.
    private static (string, string) Extended => (" Set ExtendsContext where its positions are scaled to more.", "");

    private const string Elsewhere = "Prefill.";

    // What an option alone says, so that its own name is enough.
    private static readonly HashSet<string> s_values = ["AtMost", "tokens", "median", "QualityFloor", "usdPerHour"];

    private readonly Dictionary<string, string> _options;

    private readonly (string Said, string Told)[] _phrases;

    private OptionWords((string Field, string Option)[] options, (string Said, string Told)[] phrases)
    {
        _options = options.ToDictionary(pair => pair.Field, pair => pair.Option, StringComparer.Ordinal);
        _phrases = phrases;
    }

    /// <summary>What a problem says, without the name of a parameter in C#.</summary>
    public static string Plain(Exception problem) => problem.Message.Split(" (Parameter")[0];

    /// <summary>A problem in one line, with the option at fault first where one is.</summary>
    /// <param name="problem">What the library says.</param>
    /// <param name="option">The option that was read, where it was one.</param>
    public string Line(Exception problem, string? option = null)
    {
        string text = Plain(problem);
        string line = Split(problem, text) is not ({ } field, { } says) ? Under(option, text)
            : OptionOf(field) is { } told ? $"{told}: {says}"
            : option is not null && field == "p95" ? $"{option}-p95: {says}"
            : Under(option, s_values.Contains(field) && option is not null ? says : text);
        return _phrases.Aggregate(line, (known, pair) => known.Replace(pair.Said, pair.Told, StringComparison.Ordinal));
    }

    /// <summary>What an option names; where it names nothing, the error names the option.</summary>
    /// <exception cref="CliException">It names nothing.</exception>
    public T Named<T>(string option, Func<T> find)
    {
        try
        {
            return find();
        }
        catch (Exception problem) when (problem is ArgumentException or DefinitionException or IOException
            or UnauthorizedAccessException or CliException)
        {
            throw new CliException(Line(problem, option), problem);
        }
    }

    private static string Under(string? option, string text) => option is null ? text : $"{option}: {text}";

    // The field at fault and what is said of it.
    private static (string? Field, string? Says) Split(Exception problem, string text) =>
        problem is EstimateException error ? (error.Field, text[Math.Min(error.Field.Length + 2, text.Length)..])
        : text.IndexOf(": ", StringComparison.Ordinal) is >= 0 and int end ? (text[..end], text[(end + 2)..])
        : (null, null);

    private string? OptionOf(string field) =>
        _options.TryGetValue(field, out string? option) ? option
        : field.StartsWith(Elsewhere, StringComparison.Ordinal)
            && _options.TryGetValue(field[Elsewhere.Length..], out string? there)
            ? $"{_options["Prefill"]}: {there}"
        : null;
}
