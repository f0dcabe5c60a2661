using System.CommandLine;
using LlmMath.Cli.Output;
using LlmMath.Planning;

namespace LlmMath.Cli.Commands;

/// <summary><c>llmmath quality</c>: what is known of how good a model is, and of what formats cost it.</summary>
internal static class QualityCommand
{
    public static Command Create(TextWriter output)
    {
        var model = new Argument<string>("MODEL")
        {
            Description = "A catalog entry, the path or https address of a config.json or a checkpoint, or hf:ORG/NAME.",
        };
        var benchmark = new Option<string?>("--benchmark") { Description = "One benchmark alone.", HelpName = "NAME" };
        var sources = new Option<bool>("--sources") { Description = "Print where each score was read." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("quality", "Scores of a model, by whom, and what fp8, awq, nvfp4 or q4_k_m cost in quality.")
        {
            model, benchmark, sources, json,
        };
        command.SetAction(parsed =>
        {
            var argument = ModelArgument.Resolve(parsed.GetValue(model)!);
            var answer = QualityAnswer.Of(argument.Required, Named(parsed.GetValue(benchmark)));
            if (parsed.GetValue(json))
            {
                JsonOut.Write(output, writer => QualityReport.Json(writer, argument.Name, answer));
            }
            else
            {
                QualityReport.Text(argument.Name, answer, parsed.GetValue(sources), output);
            }

            return ExitStatus.Done;
        });
        return command;
    }

    private static string? Named(string? benchmark)
    {
        try
        {
            return benchmark is null ? null : Quality.Benchmark(benchmark);
        }
        catch (UnknownNameException problem)
        {
            throw new CliException($"--benchmark: {problem.Message}", problem);
        }
    }
}

/// <summary>What is known of a model's quality.</summary>
/// <param name="Scores">Its scores.</param>
/// <param name="Losses">What formats cost it, or others.</param>
internal sealed record QualityAnswer(IReadOnlyList<BenchmarkScore> Scores, IReadOnlyList<FormatLoss> Losses)
{
    /// <summary>Asks.</summary>
    public static QualityAnswer Of(ModelDefinition model, string? benchmark) => new(
        [.. Quality.ScoresOf(model).Where(score => benchmark is null || score.Benchmark == benchmark)],
        [.. WeightFormat.All.Where(format => Quality.Losses.Any(loss => loss.Format == format.Name))
            .SelectMany(format => (IEnumerable<FormatLoss>)Quality.LossOf(model, format))]);
}
