using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LlmMath.Cli.Output;
using LlmMath.Planning;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary><c>llmmath strategy</c>: prompting, retrieval and training side by side, for one task.</summary>
internal static class StrategyCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var options = new StrategyOptions();
        var command = new Command("strategy",
            "Examples in the prompt, retrieval, or training: hardware, hours and money of each, and where they break even.");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var argument = ModelArgument.Resolve(parsed.GetValue(options.Model)!);
            (StrategyTask task, List<string> assumed) = options.Read(parsed);
            try
            {
                StrategyTable table = Strategy.Compare(argument.Required, task);
                bool explain = parsed.GetValue(options.Explain);
                if (parsed.GetValue(options.Json))
                {
                    JsonOut.Write(output, writer => Json(writer, argument.Name, table, assumed, explain));
                }
                else
                {
                    Text(argument.Name, table, assumed, explain, output, error);
                }

                return table.Cheapest is null ? ExitStatus.No : ExitStatus.Done;
            }
            catch (Exception problem) when (problem is ArgumentException or DefinitionException)
            {
                throw new CliException($"{argument.Name}: {OptionWords.Strategy.Line(problem)}", problem);
            }
        });
        return command;
    }

    private static void Json(Utf8JsonWriter writer, string model, StrategyTable table, List<string> assumed, bool explain)
    {
        writer.WriteStartObject();
        writer.WriteString("model", model);
        writer.WriteString("gpu", table.Task.Gpu.Name);
        writer.Objects("rows", table.Rows, row =>
        {
            writer.WriteString("strategy", row.Name);
            writer.WriteString("does", row.Does);
            writer.WriteNumber("gpus", row.Gpus);
            writer.WriteNumber("trainGpus", row.TrainingGpus);
            writer.WriteNumber("serveGpus", row.ServingGpus);
            TimeRange time = row.TrainingTime ?? default;
            Three("trainHours", time.Low.TotalHours, time.Expected.TotalHours, time.High.TotalHours);
            Range("oneOffUsd", row.OneOff);
            Range("monthlyUsd", row.Monthly);
            Range("totalUsd", row.Total);
            writer.NumberOrNull("busyShare", row.Serving?.BusyShare);
            writer.WriteBoolean("fits", row.Fits);
            writer.WriteString("missing", row.Missing);
            writer.WriteString("basis", row.Serving is { } rests ? BasisWord.Of(rests.Basis) : null);
            if (explain)
            {
                writer.Array("explain", row.Explain(), line => writer.WriteStringValue(line.ToString()));
            }
        });
        writer.Objects("breakEven", table.BreakEven, one =>
        {
            writer.Array("between", (string[])[one.Untrained, one.Trained], writer.WriteStringValue);
            writer.NumberOrNull("requestsPerMonth", one.RequestsPerMonth);
            writer.NumberOrNull("sharedRequestsPerMonth", one.SharedRequestsPerMonth);
        });
        writer.WriteString("quality", StrategyTable.QualityNote);
        writer.Array("warnings", Warnings(table), writer.WriteStringValue);
        writer.Array("assumed", assumed, writer.WriteStringValue);
        writer.WriteEndObject();

        void Range(string name, MoneyRange? range)
        {
            if (range is { } known)
            {
                Three(name, known.Low, known.Expected, known.High);
            }
            else
            {
                writer.WriteNull(name);
            }
        }

        void Three(string name, double low, double expected, double high)
        {
            writer.WriteStartObject(name);
            writer.WriteNumber("low", low);
            writer.WriteNumber("expected", expected);
            writer.WriteNumber("high", high);
            writer.WriteEndObject();
        }
    }

    private static void Text(string model, StrategyTable table, List<string> assumed, bool explain, TextWriter output,
        TextWriter error)
    {
        if (table.Cheapest is { } best)
        {
            output.WriteLine($"{model} on {table.Task.Gpu.Name}: {best.Name} costs least over "
                + $"{Usd(table.Task.Months)} months, {best.Total}. {StrategyTable.QualityNote}");
        }
        else
        {
            error.WriteLine($"llmmath: no strategy fits {table.Task.Gpu.Name}: {table.Rows[0].Missing}.");
        }

        Table rows = Tables.Of(["strategy", "what"],
            ["GPUs train", "serve", "busy, %", "hours", "USD once", "USD a month", "USD in all", "low", "high"]);
        foreach (StrategyRow row in table.Rows)
        {
            rows.Row(row.Name, row.Missing is { } why ? $"{row.Does}: {why}" : row.Does, N(row.TrainingGpus), N(row.ServingGpus),
                Usd(100 * row.Serving?.BusyShare), Usd(row.TrainingTime?.Expected.TotalHours), Usd(row.OneOff?.Expected),
                Usd(row.Monthly?.Expected), Usd(row.Total?.Expected), Usd(row.Total?.Low), Usd(row.Total?.High));
        }

        output.WriteTable(rows);
        foreach (StrategyBreakEven one in table.BreakEven)
        {
            output.WriteLine(one.ToString());
        }

        foreach (StrategyRow row in explain ? table.Rows : [])
        {
            foreach (MoneyLine line in row.Explain())
            {
                output.WriteLine($"{row.Name}, {line}");
            }
        }

        foreach (string warning in Warnings(table))
        {
            output.WriteLine("warning: " + warning);
        }

        output.WriteLine($"chosen: {string.Join("; ", assumed)}");
    }

    private static IEnumerable<string> Warnings(StrategyTable table) =>
        table.Rows.SelectMany(row => row.Warnings(PlanJson.Today)).Distinct();

    private static string Usd(double? number) => number is not { } usd ? ""
        : usd.ToString(usd < 0.01 ? "0.######" : usd < 100 ? "0.##" : "#,0", CultureInfo.InvariantCulture);
}
