using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LlmMath.Cli.Output;
using LlmMath.Planning;

namespace LlmMath.Cli.Commands;

/// <summary><c>llmmath tradeoff</c>: space, time, money and quality of a model's formats side by side, and what keeping keys and
/// values buys.</summary>
internal static class TradeoffCommand
{
    private static readonly string[] s_usual = ["bf16", "fp8", "int8", "awq-4bit-128g", "nvfp4", "q8_0", "q4_k_m"];

    public static Command Create(TextWriter output)
    {
        var model = new Argument<string>("MODEL")
        {
            Description = "A catalog entry, the path or https address of a config.json or a checkpoint, or hf:ORG/NAME.",
        };
        var gpu = new Option<string>("--gpu") { Description = "The GPU.", HelpName = "GPU", Required = true };
        var gpus = new Option<int>("--gpus") { Description = "How many.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var weights = new Option<string?>("--weights")
        {
            Description = "Formats, with commas; \"all\" for every one. Unless given, the usual ones and the checkpoint's own.",
            HelpName = "FORMATS",
        };
        var engine = new Option<string?>("--engine")
        {
            Description = "The engine; the usual one of each format.", HelpName = "E",
        };
        var batch = new Option<int>("--batch")
        {
            Description = "Requests at once.", HelpName = "N", DefaultValueFactory = _ => 1,
        };
        var prompt = new Option<int>("--prompt")
        {
            Description = "Tokens of a prompt; 1024.", HelpName = "N", DefaultValueFactory = _ => 1024,
        };
        var answer = new Option<int>("--output")
        {
            Description = "Tokens of an answer; 256.", HelpName = "N", DefaultValueFactory = _ => 256,
        };
        var shared = new Option<int?>("--shared-prefix")
        {
            Description = "Tokens with which all prompts begin: what keeping them buys.", HelpName = "N",
        };
        var price = new Option<double?>("--price") { Description = "US dollars of one GPU and hour.", HelpName = "USD" };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("tradeoff", "Formats side by side: memory, speed, money, quality; and what a cache buys.")
        {
            model, gpu, gpus, weights, engine, batch, prompt, answer, shared, price, json,
        };
        command.SetAction(parsed =>
        {
            var argument = ModelArgument.Resolve(parsed.GetValue(model)!);
            ModelDefinition definition = argument.Required;
            if (parsed.GetValue(price) is { } usd && !(usd > 0))
            {
                throw new CliException("--price: above 0 is right.");
            }

            foreach (Option<int> count in (Option<int>[])[gpus, batch, prompt, answer])
            {
                AtLeastOne(count.Name, parsed.GetValue(count));
            }

            Gpu on = OptionWords.Speed.Named("--gpu", () => GpuCatalog.Load(parsed.GetValue(gpu)!));
            Engine? by = parsed.GetValue(engine) is { } name
                ? OptionWords.Speed.Named("--engine", () => EngineCatalog.Load(name)) : null;
            WeightFormat[] formats = OptionWords.Speed.Named("--weights", () => Formats(definition, parsed.GetValue(weights)));
            if (parsed.GetValue(shared) is { } beginning && (beginning < 1 || beginning >= parsed.GetValue(prompt)))
            {
                throw new CliException($"--shared-prefix: 1 or more, fewer than the {Tables.N(parsed.GetValue(prompt))} of a "
                    + $"prompt are right; it is {Tables.N(beginning)}.");
            }

            try
            {
                var workload = new Workload(parsed.GetValue(prompt), parsed.GetValue(answer), parsed.GetValue(batch));
                ValueList<FormatTrade> trades = FormatTrade.Of(definition, on, parsed.GetValue(gpus), workload, formats, by,
                    parsed.GetValue(price));
                CacheTrade[] kept = Kept(trades, workload, parsed.GetValue(shared));
                if (parsed.GetValue(json))
                {
                    JsonOut.Write(output, writer => Json(writer, argument.Name, on, trades, kept));
                }
                else
                {
                    Text(argument.Name, on, parsed.GetValue(gpus), workload, trades, kept, output);
                }

                return trades.Any(trade => trade.Estimate is not null) ? ExitStatus.Done : ExitStatus.No;
            }
            catch (Exception problem) when (problem is ArgumentException or DefinitionException)
            {
                throw new CliException($"{argument.Name}: {OptionWords.Speed.Line(problem)}", problem);
            }
        });
        return command;
    }

    /// <summary>Refuses a count below 1.</summary>
    internal static void AtLeastOne(string option, int count)
    {
        if (count < 1)
        {
            throw new CliException($"{option}: 1 or more is right; it is {Tables.N(count)}.");
        }
    }

    private static WeightFormat[] Formats(ModelDefinition model, string? names) => names switch
    {
        "all" => [.. WeightFormat.All],
        { } some => [.. some.Split(',', StringSplitOptions.TrimEntries).Select(WeightFormat.Find)],
        null => [.. s_usual.Select(WeightFormat.Find).Concat(model.CheckpointFormat is { } own
            && !s_usual.Contains(own.Name) ? [own] : [])],
    };

    // What keeping buys in the first format that runs.
    private static CacheTrade[] Kept(ValueList<FormatTrade> trades, Workload workload, int? shared) =>
        trades.FirstOrDefault(trade => trade.Estimate is not null)?.Estimate is not { } first ? []
        : [CacheTrade.OfAnswer(first.Deployment, workload), .. shared is { } tokens
            ? [CacheTrade.OfPrefix(first.Deployment, workload, tokens)] : Array.Empty<CacheTrade>()];

    private static void Json(
        Utf8JsonWriter writer, string model, Gpu gpu, ValueList<FormatTrade> trades, CacheTrade[] kept)
    {
        writer.WriteStartObject();
        writer.WriteString("model", model);
        writer.WriteString("gpu", gpu.Name);
        writer.Objects("formats", trades, trade =>
        {
            writer.WriteString("format", trade.Format.Name);
            writer.WriteString("engine", trade.Engine?.Name);
            writer.WriteNumber("weightsBytes", trade.Weights.Bytes);
            writer.NumberOrNull("maxContext", trade.LargestContext);
            writer.NumberOrNull("maxBatch", (long?)trade.LargestBatch);
            writer.NumberOrNull("timeToFirstTokenMs", trade.Estimate?.TimeToFirstToken.Expected.TotalMilliseconds);
            writer.NumberOrNull("interTokenLatencyMs", trade.Estimate?.InterTokenLatency.Expected.TotalMilliseconds);
            writer.NumberOrNull("mostTokensPerSecond", trade.MostTokensPerSecond?.Expected);
            writer.NumberOrNull("usdPerMillionOutput", trade.UsdPerMillion);
            writer.WriteBoolean("lossless", trade.IsLossless);
            writer.Objects("losses", trade.Losses, loss => QualityReport.Loss(writer, loss));
            writer.WriteString("basis", trade.Estimate is { } rests ? BasisWord.Of(rests.Basis) : null);
            writer.WriteString("problem", trade.Problem);
        });
        writer.Objects("kept", kept, one =>
        {
            writer.WriteString("what", one.Kept);
            writer.WriteNumber("bytes", one.Bytes.Bytes);
            writer.WriteNumber("withMs", one.With.Expected.TotalMilliseconds);
            writer.WriteNumber("withoutMs", one.Without.Expected.TotalMilliseconds);
        });
        writer.WriteEndObject();
    }

    private static void Text(string model, Gpu gpu, int gpus, Workload workload, ValueList<FormatTrade> trades, CacheTrade[] kept,
        TextWriter output)
    {
        output.WriteLine($"{model} on {gpus} × {gpu.Name}, {workload.Requests} at once, "
            + $"{Tables.N(workload.PromptTokens)} tokens in, {Tables.N(workload.OutputTokens)} out:");
        Table table = Tables.Of(["format", "engine", "lost of quality (perplexity; accuracy)"],
            ["weights, GB", "longest context", "at once", "first token, s", "tokens/s each", "most tokens/s", "USD a million"]);
        foreach (FormatTrade trade in trades)
        {
            table.Row(trade.Format.Name, trade.Engine?.Name ?? "", trade.Problem is { } problem && trade.Estimate is null
                ? problem : Lost(trade), N(trade.Weights.Bytes / 1e9), N(trade.LargestContext), N(trade.LargestBatch),
                N(trade.Estimate?.TimeToFirstToken.Expected.TotalSeconds), N(trade.Estimate?.TokensPerSecondPerUser.Expected),
                N(trade.MostTokensPerSecond?.Expected), N(trade.UsdPerMillion));
        }

        output.WriteTable(table);
        foreach (CacheTrade one in kept)
        {
            output.WriteLine($"kept {one.Kept}: {one.Bytes} buy {N(one.Without.Expected.TotalSeconds)} s → "
                + $"{N(one.With.Expected.TotalSeconds)} s, {N(one.Gain)} times.");
        }

        output.WriteLine("Of quality: the middle of what was measured, * on other models: this one's is not known.");
    }

    private static string Lost(FormatTrade trade) => trade.IsLossless ? "nothing"
        : trade.Losses.Count == 0 ? "not known"
        : string.Join("; ", trade.Losses.Where(loss => loss.Kind != LossKind.Divergence)
            .Select(loss => $"{N(100 * loss.Median)} %{(loss.IsOfModel ? "" : "*")}"));

    private static string N(double? number) => number is not { } value ? ""
        : value.ToString(value is < 100 and > -100 ? "0.##" : "#,0", CultureInfo.InvariantCulture);
}
