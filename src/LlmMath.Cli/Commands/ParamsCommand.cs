using System.CommandLine;
using System.Text.Json;
using LlmMath.Cli.Output;
using Spectre.Console;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary><c>llmmath params</c>: parameter counts with their working.</summary>
internal static class ParamsCommand
{
    private const string Checkpoint = "checkpoint", HandEstimate = "hand-estimate";

    public static Command Create(TextWriter output, TextWriter error)
    {
        var models = new Argument<string[]>("MODEL")
        {
            Description = "Catalog entries (opt-350m, facebook/opt-350m), or paths to a config.json, a GGUF or safetensors file, or a safetensors index.",
            Arity = ArgumentArity.OneOrMore,
        };
        models.Validators.Add(CommonOptions.RejectUnknownOptions);
        var convention = new Option<string>("--convention")
        {
            Description = "checkpoint: what the checkpoint holds. hand-estimate: as on paper, the output embedding apart, no linear biases.",
            DefaultValueFactory = _ => Checkpoint,
        };
        convention.AcceptOnlyFromAmong(Checkpoint, HandEstimate);
        var explain = new Option<bool>("--explain") { Description = "Show the working, row by row." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("params", "Count parameters, exactly.") { models, convention, explain, json };
        command.SetAction(parsed =>
        {
            CountingConvention counted = parsed.GetValue(convention) == HandEstimate ? CountingConvention.HandEstimate : CountingConvention.Checkpoint;
            List<Answer> answers = [.. parsed.GetValue(models)!.Select(model => Count(model, counted))];
            if (parsed.GetValue(json))
            {
                JsonOut.Write(output, writer => writer.Array(null, answers, answer => WriteJson(writer, answer, parsed.GetValue(explain))));
            }
            else
            {
                WriteTables(answers, parsed.GetValue(explain), output, error);
            }

            return answers.Any(answer => answer.Error is not null) ? ExitStatus.BadInput : ExitStatus.Done;
        });
        return command;
    }

    private static Answer Count(string model, CountingConvention convention)
    {
        try
        {
            var argument = ModelArgument.Resolve(model);
            ModelDefinition definition = argument.Required;
            return new Answer(argument.Name, definition, definition.Parameters(convention), null);
        }
        catch (CliException problem)
        {
            return new Answer(model, null, null, problem.Message);
        }
    }

    private static void WriteTables(List<Answer> answers, bool explain, TextWriter output, TextWriter error)
    {
        foreach (Answer answer in answers)
        {
            if (answer.Breakdown is not { } breakdown)
            {
                error.WriteLine("llmmath: " + answer.Error);
                continue;
            }

            Architecture a = breakdown.Architecture;
            output.WriteLine($"{answer.Model} ({a.Family}): {N(breakdown.Total)} parameters"
                + (breakdown.Active == breakdown.Total ? "" : $", {N(breakdown.Active)} active")
                + (breakdown.Convention == CountingConvention.HandEstimate ? ", counted on paper" : ""));
            output.WriteTable(explain ? Working(breakdown) : Components(breakdown));
            foreach (Addition addition in a.Additions)
            {
                output.WriteLine($"  beyond the decoder, not counted: {addition.Name}, {N(addition.Parameters)}");
            }

            foreach (string part in a.NotCounted)
            {
                output.WriteLine($"  not counted: {part}");
            }

            if (explain && answer.Definition!.AssumedDefaults.Count > 0)
            {
                output.WriteLine("  from the reference implementation, since the config leaves them out: "
                    + string.Join(", ", answer.Definition.AssumedDefaults.Select(d => $"{d.Field} = {d.Value}")));
            }
        }
    }

    private static Table Working(ParameterBreakdown breakdown)
    {
        Table table = Of(("term", false), ("formula", false), ("parameters", true), ("running total", true));
        foreach (DerivationLine line in breakdown.Explain())
        {
            table.Row(line.Term, line.Formula, N(line.Value), N(line.Total));
        }

        if (breakdown.Convention == CountingConvention.HandEstimate)
        {
            foreach (DerivationLine line in breakdown.Reconcile().Skip(1))
            {
                table.Row("to the checkpoint: " + line.Term, line.Formula, N(line.Value), N(line.Total));
            }
        }

        return table;
    }

    private static Table Components(ParameterBreakdown breakdown)
    {
        Table table = Of(("component", false), ("parameters", true), ("share", true));
        foreach (ComponentCount component in breakdown.Components)
        {
            table.Row(component.Name, N(component.Parameters), $"{100.0 * component.Parameters / breakdown.Total:0.0} %");
        }

        return table;
    }

    private static void WriteJson(Utf8JsonWriter writer, Answer answer, bool explain)
    {
        writer.WriteStartObject();
        writer.WriteString("model", answer.Model);
        if (answer.Breakdown is not { } breakdown)
        {
            writer.WriteString("error", answer.Error);
            writer.WriteEndObject();
            return;
        }

        writer.WriteString("family", breakdown.Architecture.Family);
        writer.WriteString("convention", breakdown.Convention == CountingConvention.HandEstimate ? HandEstimate : Checkpoint);
        writer.WriteNumber("parameters", breakdown.Total);
        writer.WriteNumber("activeParameters", breakdown.Active);
        writer.Array("components", breakdown.Components, component => WriteCount(writer, component.Name, component.Parameters));
        writer.Array("beyondDecoder", breakdown.Architecture.Additions, addition => WriteCount(writer, addition.Name, addition.Parameters));
        writer.Array("notCounted", breakdown.Architecture.NotCounted, writer.WriteStringValue);
        if (explain)
        {
            writer.Array("explain", breakdown.Explain(), line =>
            {
                writer.WriteStartObject();
                writer.WriteString("term", line.Term);
                writer.WriteString("formula", line.Formula);
                writer.WriteNumber("parameters", line.Value);
                writer.WriteNumber("runningTotal", line.Total);
                writer.WriteEndObject();
            });
        }

        writer.WriteEndObject();
    }

    private static void WriteCount(Utf8JsonWriter writer, string name, long parameters)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteNumber("parameters", parameters);
        writer.WriteEndObject();
    }

    private sealed record Answer(string Model, ModelDefinition? Definition, ParameterBreakdown? Breakdown, string? Error);
}
