using System.CommandLine;
using LlmMath.Planning;
using static LlmMath.Cli.Commands.PlanQuestion;

namespace LlmMath.Cli.Commands;

/// <summary>The options of <c>llmmath strategy</c>.</summary>
internal sealed class StrategyOptions
{
    public Argument<string> Model { get; } = new("MODEL")
    {
        Description = "A catalog entry, the path or https address of a config.json or a checkpoint, or hf:ORG/NAME.",
    };

    public Option<string> Gpu { get; } = new("--gpu")
    {
        Description = "The GPU that trains and serves.", HelpName = "GPU", Required = true,
    };

    public Option<long?> Examples { get; } = Whole("--examples", "Examples to learn from.");

    public Option<long?> Tokens { get; } = Whole("--tokens", "Tokens of an example, question and answer together.");

    public Option<double?> Requests { get; } = Number("--requests", "N", "Requests a month.");

    public Option<double?> Months { get; } = Number("--months", "N", "Months that it is used; 12.");

    public Option<long?> Prompt { get; } = Whole("--prompt", "Tokens of a request's own prompt; as in chats.");

    public Option<long?> Output { get; } = Whole("--output", "Tokens of an answer; as in chats.");

    public Option<long?> Shots { get; } = Whole("--shots", "Examples in each prompt where nothing is trained; 8.");

    public Option<long?> Retrieved { get; } = Whole("--retrieved", "Tokens looked up for each prompt; 4000.");

    public Option<double?> Epochs { get; } = Number("--epochs", "N", "How often training sees each example; 3.");

    public Option<int?> Rank { get; } = new("--rank") { Description = "Rank of adapters; 16.", HelpName = "N" };

    public Option<string?> Weights { get; } = Text("--weights", "FORMAT", "Format of the weights that serve; bf16.");

    public Option<string?> Engines { get; } = Text("--engine", "ENGINES", "Engines, with commas; vllm, sglang, tensorrt-llm.");

    public Option<double?> MaxFirst { get; } = Number("--max-ttft", "MS", "The longest time to the first token; 6000.");

    public Option<double?> MaxInter { get; } = Number("--max-itl", "MS", "The longest time between tokens; 100.");

    public Option<double?> Peak { get; } = Number("--peak", "F", "Requests of the busiest minute over the mean; 1.5.");

    public Option<double?> Price { get; } = Number("--price", "USD", "US dollars of one GPU and hour, instead of the lists'.");

    public Option<string?> Prices { get; } = Text("--prices", "FILE", "Your own prices, which stand over the catalog's.");

    public Option<bool> Explain { get; } = new("--explain") { Description = "Show the working, line by line." };

    public Option<bool> Json { get; } = CommonOptions.Json();

    /// <summary>Adds all of them.</summary>
    public void AddTo(Command command)
    {
        command.Add(Model);
        Option[] all =
        [
            Gpu, Examples, Tokens, Requests, Months, Prompt, Output, Shots, Retrieved, Epochs, Rank, Weights, Engines, MaxFirst,
            MaxInter, Peak, Price, Prices, Explain, Json,
        ];
        foreach (Option option in all)
        {
            command.Add(option);
        }
    }

    /// <summary>The task that was asked, and what was chosen where nothing was said.</summary>
    /// <exception cref="CliException">An option is missing or names nothing.</exception>
    public (StrategyTask Task, List<string> Assumed) Read(ParseResult parsed)
    {
        var assumed = new List<string>();
        Gpu gpu = OptionWords.Strategy.Named("--gpu", () => GpuCatalog.Load(parsed.GetValue(Gpu)!));
        PriceList prices = parsed.GetValue(Prices) is { } file
            ? OptionWords.Strategy.Named("--prices", () => PriceList.Load(file).Over(PriceList.Catalog)) : PriceList.Catalog;
        var usual = new StrategyTask
        {
            Gpu = gpu, Examples = Needed(Examples, "examples to learn from"),
            TokensPerExample = Needed(Tokens, "tokens of an example"),
            RequestsPerMonth = Needed(Requests, "requests a month"),
            Months = parsed.GetValue(Months) ?? Chosen(12.0, "--months", assumed),
            PromptTokens = Or(Prompt, (long)Math.Ceiling(UseCase.Chat.Prompt.Mean)),
            OutputTokens = Or(Output, (long)Math.Ceiling(UseCase.Chat.Output.Mean)),
            Prices = parsed.GetValue(Price) is { } usd
                ? OptionWords.Strategy.Named("--price", () => PriceList.Of(gpu, usd).Over(prices)) : prices,
        };
        return (usual with
        {
            ExamplesInPrompt = Or(Shots, usual.ExamplesInPrompt),
            RetrievedTokens = Or(Retrieved, usual.RetrievedTokens),
            Epochs = Or(Epochs, usual.Epochs),
            Rank = Or(Rank, usual.Rank),
            PeakFactor = Or(Peak, usual.PeakFactor),
            Weights = parsed.GetValue(Weights) is { } name
                ? OptionWords.Strategy.Named("--weights", () => WeightFormat.Find(name))
                : Chosen(usual.Weights, "--weights", assumed),
            Engines = [.. Names(parsed.GetValue(Engines))
                .Select(name => OptionWords.Strategy.Named("--engine", () => EngineCatalog.Load(name)))],
            TimeToFirstToken = Limit(MaxFirst, usual.TimeToFirstToken!.Value),
            InterTokenLatency = Limit(MaxInter, usual.InterTokenLatency!.Value),
        }, assumed);

        T Needed<T>(Option<T?> option, string what)
            where T : struct => parsed.GetValue(option)
                ?? throw new CliException($"{option.Name} is needed: {what}.");

        T Or<T>(Option<T?> option, T otherwise)
            where T : struct => parsed.GetValue(option) ?? Chosen(otherwise, option.Name, assumed);

        LatencyLimit Limit(Option<double?> option, LatencyLimit otherwise)
        {
            double milliseconds = Or(option, otherwise.AtMost.TotalMilliseconds);
            return OptionWords.Strategy.Named(option.Name, () => LatencyLimit.Of(milliseconds));
        }
    }

    private static Option<string?> Text(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };

    private static Option<long?> Whole(string name, string description) =>
        new(name) { Description = description, HelpName = "N" };

    private static Option<double?> Number(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };
}
