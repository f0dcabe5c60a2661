using System.CommandLine;
using System.Text.Json;
using LlmMath.Architectures;
using LlmMath.Cli.Output;
using LlmMath.Interchange;
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
            Description = "Catalog entries (opt-350m, facebook/opt-350m), or paths or https addresses of a config.json, a GGUF "
                + "or safetensors file, or a safetensors index; or hf:ORG/NAME.",
            Arity = ArgumentArity.OneOrMore,
        };
        var convention = new Option<string>("--convention")
        {
            Description = "checkpoint: what the checkpoint holds. "
                + "hand-estimate: as on paper, the output embedding apart, no linear biases.",
            HelpName = $"{Checkpoint}|{HandEstimate}",
            DefaultValueFactory = _ => Checkpoint,
        };
        convention.Validators.Add(result =>
        {
            string[] names = [Checkpoint, HandEstimate];
            if (result.Tokens.Select(token => token.Value).Except(names, StringComparer.OrdinalIgnoreCase)
                .FirstOrDefault() is { } other)
            {
                result.AddError($"--convention: \"{other}\" is neither {Checkpoint} nor {HandEstimate}");
            }
        });
        var explain = new Option<bool>("--explain") { Description = "Show the working, row by row." };
        var strict = new Option<bool>("--strict")
        {
            Description = "Fail where a config has a field that could change a shape and that its family does not read.",
        };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("params", "Count parameters, exactly.") { models, convention, strict, explain, json };
        command.SetAction(parsed =>
        {
            (bool working, bool isStrict) = (parsed.GetValue(explain), parsed.GetValue(strict));
            CountingConvention counted = HandEstimate.Equals(parsed.GetValue(convention), StringComparison.OrdinalIgnoreCase)
                ? CountingConvention.HandEstimate
                : CountingConvention.Checkpoint;
            List<Answer> answers = [.. parsed.GetValue(models)!.Select(model => Count(model, counted, isStrict))];
            if (parsed.GetValue(json))
            {
                JsonOut.Write(output, writer => writer.Array(null, answers, answer => Write(writer, answer, working)));
            }
            else
            {
                WriteTables(answers, working, output, error);
            }

            return answers.Any(answer => answer.Error is not null) ? ExitStatus.BadInput : ExitStatus.Done;
        });
        return command;
    }

    private static Answer Count(string model, CountingConvention convention, bool isStrict)
    {
        try
        {
            var argument = ModelArgument.Resolve(model);
            if (argument is { Definition: null, Problem: null, Header: { } header }
                && convention == CountingConvention.Checkpoint)
            {
                return new Answer(argument.Name, null, null, null, header);
            }

            ModelDefinition definition = argument.Required;
            if (isStrict)
            {
                NotUnderstood.Refuse(argument.Name, definition);
            }

            return new Answer(argument.Name, definition, definition.Parameters(convention), null)
            {
                Assumed = AssumedFields.Line(argument),
            };
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
            if (answer.Stored is { } header)
            {
                output.WriteLine(
                    $"{answer.Model}: {Counted(header.Parameters, "parameter")} stored "
                    + $"in {Counted(header.Tensors.Count, "tensor")}; without a config.json beside it their parts are not known");
                continue;
            }

            if (answer.Breakdown is not { } breakdown)
            {
                error.WriteLine("llmmath: " + answer.Error);
                continue;
            }

            Architecture a = breakdown.Architecture;
            output.WriteLine($"{answer.Model} ({a.Family}): {Counted(breakdown.Total, "parameter")}"
                + (breakdown.Active == breakdown.Total ? "" : $", {N(breakdown.Active)} active")
                + (breakdown.Convention == CountingConvention.HandEstimate ? ", counted on paper" : ""));
            output.WriteTable(explain ? Working(breakdown) : Components(breakdown));
            foreach (Addition addition in a.Additions)
            {
                output.WriteLine($"  beyond the decoder, not counted: {addition.Name}, {N(addition.Parameters)}");
            }

            foreach (UncountedPart part in a.NotCounted)
            {
                output.WriteLine($"  not counted: {part}");
            }

            if (OwnFormat(answer.Definition!) is { Group: not FormatGroup.Plain } stored)
            {
                output.WriteLine($"  the checkpoint, by its config: {N(answer.Definition!.CheckpointSize(stored).Bytes)} bytes "
                    + $"in {stored.Name}");
            }

            if (NotUnderstood.Line(answer.Definition!) is { } missed)
            {
                output.WriteLine("  " + missed);
            }

            if (!explain && answer.Assumed is { } assumed)
            {
                output.WriteLine("  " + assumed);
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
        Table table = Of(texts: ["term", "formula"], numbers: ["parameters", "running total"]);
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
        Table table = Of(texts: ["component"], numbers: ["parameters", "share"]);
        foreach (ComponentCount component in breakdown.Components)
        {
            table.Row(component.Name, N(component.Parameters), $"{100.0 * component.Parameters / breakdown.Total:0.0} %");
        }

        return table;
    }

    private static void Write(Utf8JsonWriter writer, Answer answer, bool explain)
    {
        if (answer.Breakdown is { } breakdown)
        {
            ParameterFigures figures = answer.Definition!.Figures(breakdown.Convention, explain) with { Model = answer.Model };
            JsonSerializer.Serialize(writer, figures, FiguresContext.Default.ParameterFigures);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("model", answer.Model);
        if (answer.Stored is { } header)
        {
            writer.WriteNull("family");
            writer.WriteString("convention", Checkpoint);
            writer.WriteNumber("parameters", header.Parameters);
            writer.WriteNull("activeParameters");
            writer.Objects("components", new[] { header.Parameters }, parameters =>
            {
                writer.WriteString("name", "stored tensors");
                writer.WriteNumber("parameters", parameters);
            });
            writer.Array<string>("notUnderstood", [], writer.WriteStringValue);
        }
        else
        {
            writer.WriteString("error", answer.Error);
        }

        writer.WriteEndObject();
    }

    // What cannot be read of it stands under notUnderstood.
    private static WeightFormat? OwnFormat(ModelDefinition model)
    {
        try
        {
            return model.CheckpointFormat;
        }
        catch (DefinitionException)
        {
            return null;
        }
    }

    private sealed record Answer(string Model, ModelDefinition? Definition, ParameterBreakdown? Breakdown, string? Error,
        CheckpointHeader? Stored = null)
    {
        public string? Assumed { get; init; }
    }
}
