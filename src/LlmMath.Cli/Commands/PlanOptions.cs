using System.CommandLine;

namespace LlmMath.Cli.Commands;

/// <summary>The options of <c>llmmath plan</c> and of what asks the same.</summary>
internal sealed class PlanOptions
{
    public Argument<string[]> Models { get; } = new("MODEL")
    {
        Description = "Models that would do, as elsewhere; \"all\" for the whole catalog.",
        Arity = ArgumentArity.OneOrMore,
    };

    public Option<double?> Users { get; } = Number("--users", "N", "People who have access.");

    public Option<double?> ActiveShare { get; } = Number("--active-share", "S", "The share of them who are at it at once; 0.3.");

    public Option<double?> PerMinute { get; } =
        Number("--requests-per-minute", "N", "Requests a minute of each who is at it; 1.");

    public Option<double?> Rate { get; } = Number("--rps", "N", "Instead of users: requests a second in the mean.");

    public Option<double?> TokensPerDay { get; } = Number("--tokens-per-day", "N", "Instead of users: tokens written a day.");

    public Option<double?> BatchRequests { get; } = Number("--batch-requests", "N", "Instead of users: requests of a batch.");

    public Option<double?> Deadline { get; } = Number("--deadline", "HOURS", "When the batch must be done; 24 hours.");

    public Option<double?> Peak { get; } =
        Number("--peak", "F", "Requests of the busiest minute over the mean; the use case's.");

    public Option<string?> Use { get; } = Text("--use", "CASE",
        "chat, retrieval, code, summary or batch: lengths and limits where nothing else is said; chat.");

    public Option<double?> Prompt { get; } = Number("--prompt", "N", "Tokens of a prompt; with --prompt-p95 their median.");

    public Option<double?> PromptP95 { get; } = Number("--prompt-p95", "N", "Tokens that one prompt in twenty exceeds.");

    public Option<double?> Output { get; } = Number("--output", "N", "Tokens of an answer; with --output-p95 their median.");

    public Option<double?> OutputP95 { get; } = Number("--output-p95", "N", "Tokens that one answer in twenty exceeds.");

    public Option<string?> Trace { get; } = Text("--trace", "FILE",
        "Lengths and arrivals from requests: a csv with prompt, output and, maybe, time.");

    public Option<double?> Shared { get; } = Number("--shared-prefix", "N", "Tokens with which all prompts begin; cached.");

    public Option<double?> Turns { get; } =
        Number("--turns", "N", "Requests of a conversation, of which each begins with those before it, cached; 1.");

    public Option<double?> Context { get; } = Number("--context", "N", "The longest sequence that must be possible.");

    public Option<double?> MaxFirst { get; } = Number("--max-ttft", "MS", "The longest time to the first token.");

    public Option<double?> MaxInter { get; } = Number("--max-itl", "MS", "The longest time between tokens.");

    public Option<double?> MaxTotal { get; } = Number("--max-total", "MS", "The longest time of a whole answer.");

    public Option<double?> Percentile { get; } =
        Number("--percentile", "P", "Of a hundred requests so many keep the limits; 90.");

    public Option<string[]> Quality { get; } = new("--quality")
    {
        Description = "A score that the model must reach, as \"MMLU-Pro>=50\"; several are possible.", HelpName = "BENCHMARK>=X",
    };

    public Option<string?> QualityBy { get; } = Text("--quality-by", "WHO",
        "Whose scores count; those of whoever has most of the models.");

    public Option<double?> MaxLoss { get; } = Number("--max-loss", "S",
        "The most that the format may cost: a share of perplexity and of accuracy, 0.01 for one in a hundred.");

    public Option<bool> UnknownQuality { get; } = new("--unknown-quality")
    {
        Description = "Let models and formats pass of which nobody measured that.",
    };

    public Option<string?> Residency { get; } = Text("--residency", "WHERE",
        "premises (machines are bought), cloud (rented), any (rented, and hosted APIs beside them); any.");

    public Option<string?> Weights { get; } = Text("--weights", "FORMATS",
        "Formats, with commas; \"all\" for every one that an engine loads. Unless given, bf16, fp8, awq "
        + "and the checkpoint's own.");

    public Option<string?> Engines { get; } = Text("--engine", "ENGINES", "Engines, with commas; vllm, sglang, tensorrt-llm.");

    public Option<string?> Basis { get; } = Text("--basis", "BASIS",
        "What times may rest on at worst: measured, kernels-measured, interpolated or extrapolated; extrapolated.");

    public Option<string?> Gpus { get; } = Text("--gpu", "GPUS", "Kinds of GPU, with commas; all that have a price.");

    public Option<string?> Tensor { get; } = Text("--tp", "N", "GPUs of one replica, with commas; 1,2,4,8.");

    public Option<string?> Vendors { get; } = Text("--vendor", "VENDORS", "Vendors of GPUs, with commas.");

    public Option<string?> Providers { get; } = Text("--provider", "WHO", "Who rents out, with commas: aws, lambda …");

    public Option<string?> Kinds { get; } = Text("--price-kind", "KINDS",
        "on-demand, spot, marketplace, with commas; on-demand.");

    public Option<string?> Prices { get; } = Text("--prices", "FILE", "Your own prices, which stand over the catalog's.");

    public Option<string?> Place { get; } = Text("--place", "PLACE",
        "Where owned machines stand, for electricity and CO₂: a country, or US Ohio.");

    public Option<double?> Hours { get; } = Number("--hours", "N", "Hours of a month for which rented machines are paid; 730.");

    public Option<double?> Months { get; } = Number("--months", "N", "Months that are planned for; 12.");

    public Option<double?> Growth { get; } = Number("--growth", "G", "The part by which the load grows a year; 0.");

    public Option<double?> Budget { get; } = Number("--budget", "USD", "The most that may be spent a month; of a batch, in all.");

    public Option<string?> Launch { get; } = Text("--launch", "FORM",
        $"Print what starts the best plan instead: {LaunchForms.Names}.");

    public Option<string?> Benchmark { get; } = Text("--benchmark", "TOOL",
        "Print the benchmark that proves or refutes the best plan instead: vllm, guidellm or aiperf.");

    public Option<string?> Checkpoint { get; } = Text("--checkpoint", "ID",
        "The checkpoint in the plan's format, for --launch: a repository's id or a path.");

    public Option<bool> Markdown { get; } = new("--markdown") { Description = "Write the answer as Markdown." };

    public Option<bool> Html { get; } = new("--html") { Description = "Write the answer as one page of HTML." };

    public Option<string?> Plot { get; } = CommonOptions.Plot("the answer (plan: throughput against speed; cost: by busy share)");

    public Option<int?> Top { get; } = new("--top") { Description = "Rows to print; 10.", HelpName = "N" };

    public Option<bool> Sources { get; } = new("--sources") { Description = "Print where each price was read, and when." };

    public Option<bool> Json { get; } = CommonOptions.Json();

    /// <summary>Adds all of them.</summary>
    public void AddTo(Command command)
    {
        command.Add(Models);
        Option[] all =
        [
            Users, ActiveShare, PerMinute, Rate, TokensPerDay, BatchRequests, Deadline, Peak, Use, Prompt, PromptP95, Output,
            OutputP95, Trace, Shared, Turns, Context, MaxFirst, MaxInter, MaxTotal, Percentile, Quality, QualityBy, MaxLoss,
            UnknownQuality, Residency, Weights, Engines, Basis, Gpus,
            Tensor, Vendors, Providers, Kinds, Prices, Place, Hours, Months, Growth, Budget, Launch, Benchmark,
            Checkpoint, Markdown, Html, Plot, Top, Sources, Json,
        ];
        foreach (Option option in all)
        {
            command.Add(option);
        }
    }

    private static Option<string?> Text(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };

    private static Option<double?> Number(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };
}
