using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using LlmMath.Cli.Output;
using LlmMath.Cli.TrainConfig;
using LlmMath.Training;

namespace LlmMath.Cli.Commands;

/// <summary><c>llmmath train</c>: what it takes to train a model.</summary>
internal static class TrainCommand
{
    private static readonly ParserConfiguration s_words = new() { ResponseFileTokenReplacer = null };

    public static Command Create(TextWriter output, TextWriter error)
    {
        var options = new TrainOptions();
        var command = new Command("train", "What training takes: memory at its fullest moment, operations, speed, hours.");
        options.AddTo(command);
        command.SetAction(parsed => parsed.GetValue(options.Config) is { Length: > 0 } files
            ? Configured(command, parsed, options, files, output, error)
            : Plain(command, parsed, options, output, error));
        return command;
    }

    private static int Plain(Command command, ParseResult parsed, TrainOptions options, TextWriter output, TextWriter error)
    {
        var model = ModelArgument.Resolve(parsed.GetValue(options.Model)
            ?? throw new CliException("MODEL is needed. See: llmmath train --help"));
        string[] own = Arguments(Said(parsed, options));
        return Answer(parsed, options, model, null, estimate => ConfigKnobs.That(estimate,
            changed => With(changed, own, arguments => command.Parse([model.Name, .. arguments], s_words), options, model),
            parsed.GetValue(options.Offload)), output, error);
    }

    private static int Answer(ParseResult parsed, TrainOptions options, ModelArgument argument, ConfigAnswer? config,
        Func<TrainingEstimate, List<ConfigFix>> fixes, TextWriter output, TextWriter error)
    {
        double? price = parsed.GetValue(options.Price);
        if (price is { } given && !(given >= 0 && given <= double.MaxValue))
        {
            throw new CliException($"--price: 0 or more is right; it is "
                + given.ToString(CultureInfo.InvariantCulture) + ".");
        }

        try
        {
            var asked = TrainQuestion.Of(parsed, options, argument.Required);
            TrainingEstimate estimate = asked.On.Training(asked.Run);
            bool explain = parsed.GetValue(options.Explain);
            List<ConfigFix> found = estimate.Fits == false ? fixes(estimate) : [];
            ConfigReport? report = config is null ? null : new(config, found, asked.Assumed);
            if (parsed.GetValue(options.Json))
            {
                JsonOut.Write(output, writer => TrainReport.Json(writer, argument.Name, asked, estimate, price, explain, report));
            }
            else
            {
                TrainReport.Text(argument.Name, asked, estimate, price, explain, found, output, error);
                report?.Text(output);
            }

            PlotFile.Write(parsed.GetValue(options.Plot), () => Plots.Plot.Memory(
                $"{argument.Name}, {asked.Run.Method}: the fullest GPU, at {estimate.Figures().Peak}",
                [.. estimate.Memory.Parts.Select(part => (part.Name, part.Size))], estimate.Memory.Fit?.Room));
            return estimate.Fits == false ? ExitStatus.No : ExitStatus.Done;
        }
        catch (Exception problem) when (problem is ArgumentException or DefinitionException)
        {
            throw new CliException($"{argument.Name}: {OptionWords.Train.Line(problem)}", problem);
        }
    }

    // What files say becomes options, and the command line is read again with them.
    private static int Configured(Command command, ParseResult parsed, TrainOptions options, string[] files, TextWriter output,
        TextWriter error)
    {
        List<ConfigReading> readings = ConfigFiles.Read(files);
        string? named = readings.Select(reading => reading.Model).FirstOrDefault(name => name is not null);
        ModelArgument model = parsed.GetValue(options.Model) is { } given ? ModelArgument.Resolve(given) : Named(named, files[0]);
        OptionResult[] said = Said(parsed, options);
        var config = ConfigAnswer.Of(readings,
            said.ToDictionary(result => result.Option.Name,
                result => string.Join(',', result.Tokens.Select(token => token.Value))),
            model.Required.Architecture.ContextLength);
        config = config.For(command.Options.Select(option => option.Name));
        string[] arguments = [.. config.Arguments, .. Arguments(said)];
        ParseResult all = Again(arguments);
        return Answer(all, options, model, config, estimate => ConfigKnobs.That(estimate,
            changed => With(changed, arguments, Again, options, model), all.GetValue(options.Offload)), output, error);

        ParseResult Again(string[] arguments)
        {
            ParseResult again = command.Parse([model.Name, .. arguments], s_words);
            return again.Errors.Count == 0 ? again : throw new CliException($"{files[0]}: {again.Errors[0].Message}");
        }
    }

    private static OptionResult[] Said(ParseResult parsed, TrainOptions options) =>
        [.. parsed.CommandResult.Children.OfType<OptionResult>()
            .Where(result => !result.Implicit && result.Option != options.Config)];

    private static string[] Arguments(OptionResult[] said) => [.. said.SelectMany(result => result.Tokens.Count == 0
        ? [result.Option.Name] : result.Tokens.Select(token => $"{result.Option.Name}={token.Value}"))];

    // The run with some arguments in place of those of the same options; null where it cannot be.
    private static TrainingEstimate? With(string[] changed, string[] arguments, Func<string[], ParseResult> parse,
        TrainOptions options, ModelArgument model)
    {
        string[] names = [.. changed.Select(argument => argument.Split('=')[0])];
        try
        {
            var asked = TrainQuestion.Of(parse([.. arguments.Where(argument => !names.Contains(argument.Split('=')[0])),
                .. changed]), options, model.Required);
            return asked.On.Training(asked.Run);
        }
        catch (Exception problem) when (problem is ArgumentException or CliException)
        {
            // What cannot be asked is no way out.
            return null;
        }
    }

    private static ModelArgument Named(string? name, string file)
    {
        string at = name ?? throw new CliException($"{file}: it names no model: llmmath train MODEL --config {file}.");
        string last = at.Split('/')[^1];
        // Copies of a checkpoint go by its name under another owner.
        string? copy = ModelCatalog.All.FirstOrDefault(model => model.Id is { } id
            && id.Split('/')[^1].Equals(last, StringComparison.OrdinalIgnoreCase))?.Name;
        // Llama's models up to 3.1 were first published as Meta-Llama.
        string? renamed = last.StartsWith("Meta-Llama", StringComparison.OrdinalIgnoreCase) ? last["Meta-".Length..] : null;
        foreach (string one in new[] { at, last, copy, renamed }.OfType<string>())
        {
            if (ModelCatalog.TryFind(one, out _) || Path.Exists(one))
            {
                return ModelArgument.Resolve(one);
            }
        }

        throw new CliException($"{file}: \"{at}\" is no model of the catalog: llmmath train MODEL --config {file}, "
            + $"where MODEL is an entry of the same shape or hf:{at}."
            + Suggestion.For(last, ModelCatalog.All.Select(model => model.Name)));
    }
}
