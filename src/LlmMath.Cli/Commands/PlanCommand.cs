using System.CommandLine;
using System.Diagnostics;
using LlmMath.Cli.Output;
using LlmMath.Planning;

namespace LlmMath.Cli.Commands;

/// <summary><c>llmmath plan</c>: what meets requirements for least. <c>llmmath compare</c>: the same figures of one model over
/// many GPUs, or of many models, whatever limits a use case has.</summary>
internal static class PlanCommand
{
    public static Command Plan(TextWriter output, TextWriter error)
    {
        var options = new PlanOptions();
        var command = new Command("plan",
            "Which model, format, GPUs and engine serve so many users for least, and why not others.");
        options.AddTo(command);
        command.SetAction(parsed => Answer(parsed, options, hasLimits: true, output, error));
        return command;
    }

    public static Command Compare(TextWriter output, TextWriter error)
    {
        var options = new PlanOptions();
        var command = new Command("compare",
            "One model over many GPUs, or many models: times, users, money. Limits hold only if given.");
        options.AddTo(command);
        command.SetAction(parsed => Answer(parsed, options, hasLimits: false, output, error));
        return command;
    }

    private static int Answer(ParseResult parsed, PlanOptions o, bool hasLimits, TextWriter output, TextWriter error)
    {
        if (parsed.GetValue(o.Top) is < 1)
        {
            throw new CliException("--top: 1 or more is right.");
        }

        LaunchForm? form = parsed.GetValue(o.Launch) is { } named ? LaunchForms.Of(named) : null;
        string? tool = parsed.GetValue(o.Benchmark)?.ToLowerInvariant();
        _ = tool is null ? null : OptionWords.Plan.Named("--benchmark", () => LaunchFlags.OfBenchmark(tool));
        var asked = PlanQuestion.Of(parsed, o, hasLimits);
        try
        {
            int top = parsed.GetValue(o.Top) ?? 10;
            var watch = Stopwatch.StartNew();
            PlanResult result = Planner.Plan(asked.Requirements with { Keep = Math.Max(top, 24) });
            double seconds = watch.Elapsed.TotalSeconds;
            if (form is { } written && result.Best is { } best)
            {
                output.Write(LaunchCommand.Of(best, parsed.GetValue(o.Checkpoint)).Text(written));
            }
            else if (tool is not null && result.Best is { } proved)
            {
                output.Write(OptionWords.Plan.Named("--benchmark",
                    () => BenchmarkCommand.Of(proved, tool, parsed.GetValue(o.Checkpoint))).Text);
            }
            else if (parsed.GetValue(o.Markdown) || parsed.GetValue(o.Html))
            {
                output.Write(parsed.GetValue(o.Html) ? result.ToHtml(PlanJson.Today) : result.ToMarkdown(PlanJson.Today));
            }
            else if (parsed.GetValue(o.Json))
            {
                JsonOut.Write(output, writer => PlanJson.Write(writer, asked, result));
            }
            else
            {
                PlanReport.Text(asked, result, seconds, top, parsed.GetValue(o.Sources), output, error);
            }

            PlotFile.Write(result.Best is null ? null : parsed.GetValue(o.Plot), () => Plots.Plot.Frontier(result));
            return result.Best is null ? ExitStatus.No : ExitStatus.Done;
        }
        catch (Exception problem) when (problem is ArgumentException or DefinitionException)
        {
            throw new CliException(OptionWords.Plan.Line(problem), problem);
        }
    }
}
