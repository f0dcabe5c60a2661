using System.CommandLine;
using LlmMath.Cli.Output;

namespace LlmMath.Cli.Commands;

/// <summary><c>llmmath memory</c>: what inference takes, and whether it fits.</summary>
internal static class MemoryCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var options = new MemoryOptions();
        var command = new Command("memory", "What inference takes: weights, cache, activations, runtime; and whether it fits.");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            bool explain = parsed.GetValue(options.Explain);
            var asked = MemoryQuestion.Of(parsed, options);
            List<MemoryAnswer> answers = [.. parsed.GetValue(options.Models)!.Select(model => Answer(model, asked))];
            if (parsed.GetValue(options.Json))
            {
                JsonOut.Write(output, writer =>
                    writer.Array(null, answers, answer => MemoryReport.Json(writer, answer, explain)));
            }
            else
            {
                answers.ForEach(answer => MemoryReport.Text(answer, explain, output, error));
            }

            if (parsed.GetValue(options.Plot) is { } plot)
            {
                PlotFile.Write(plot, () => Picture(answers));
            }

            return answers.Any(answer => answer.Error is not null) ? ExitStatus.BadInput
                : answers.Any(answer => answer.Fits == false) ? ExitStatus.No
                : ExitStatus.Done;
        });
        return command;
    }

    private static string Picture(List<MemoryAnswer> answers)
    {
        if (answers is not [{ Error: null } one])
        {
            throw new CliException("--plot: one model that can be counted is right.");
        }

        MemoryEstimate e = one.Estimate;
        (string, ByteSize)[] parts =
        [
            ("weights", e.Weights), ("KV cache", e.KeyValueCache), ("activations", e.Activations), ("runtime", e.Runtime),
            ("additions", e.Additions),
        ];
        return Plots.Plot.Memory($"{one.Model}: memory over all GPUs", [.. parts.Where(part => part.Item2.Bytes > 0)]);
    }

    private static MemoryAnswer Answer(string model, MemoryQuestion asked)
    {
        try
        {
            var argument = ModelArgument.Resolve(model);
            ModelDefinition definition = argument.Required;
            asked.RequireLora(definition);
            Deployment deployment = asked.DeploymentOf(argument, definition);
            Workload workload = asked.WorkloadOf(definition);
            MemoryEstimate estimate = deployment.Memory(workload);
            IReadOnlyList<Gpu> gpus = asked.Gpus;
            var answer = new MemoryAnswer(argument.Name, null)
            {
                Estimate = estimate,
                Assumed = AssumedFields.Line(argument),
                Chosen = [.. asked.Assumed(estimate, argument.Weights)],
                Reads = deployment.PrefillMemory(workload),
                Gpu = gpus.Count > 0 ? string.Join(',', gpus.Select(gpu => gpu.Name)) : null,
            };
            return gpus.Count switch
            {
                0 => answer,
                1 => answer with
                {
                    Fit = estimate.FitOn(gpus[0]),
                    LargestContext = deployment.LargestContext(workload),
                    LargestBatch = deployment.LargestBatch(workload),
                    Fewest = deployment.SmallestGpus(workload),
                    Experts = estimate.Fits == false && deployment.Tensors is null ? deployment.FittingExperts(workload) : null,
                    Offload = deployment is { Tensors: null, Engine.Load.KeepsInputsOnHost: true, Placement.Gpus: 1 }
                        ? deployment.GpuLayers(workload)
                        : null,
                },
                _ => answer with
                {
                    IsMixed = true,
                    Fit = estimate.FitOn(gpus),
                    LargestContext = deployment.LargestContext(workload, gpus),
                    LargestBatch = deployment.LargestBatch(workload, gpus),
                },
            };
        }
        catch (Exception problem) when (problem is CliException or ArgumentException)
        {
            return new(model, OptionWords.Memory.Line(problem));
        }
    }
}

/// <summary>An answer for one model, or an error.</summary>
internal sealed record MemoryAnswer(string Model, string? Error)
{
    public MemoryEstimate Estimate { get; init; }

    /// <summary>What the config left out that changes the count.</summary>
    public string? Assumed { get; init; }

    /// <summary>What was not said and was chosen.</summary>
    public IReadOnlyList<string> Chosen { get; init; } = [];

    /// <summary>The kind of GPU that was asked of, or several as A,B; null where none was.</summary>
    public string? Gpu { get; init; }

    public MemoryFit? Fit { get; init; }

    /// <summary>What the GPUs hold that only read prompts; null where all read and write.</summary>
    public MemoryEstimate? Reads { get; init; }

    /// <summary>Whether it fits, the GPUs that only read prompts too; null where no GPU was named.</summary>
    public bool? Fits => Fit is { Fits: true } && Reads?.Fits == false ? false : Fit?.Fits;

    public long? LargestContext { get; init; }

    public int? LargestBatch { get; init; }

    /// <summary>Whether GPUs were named one by one.</summary>
    public bool IsMixed { get; init; }

    public Parallelism? Fewest { get; init; }

    public LayerOffload? Offload { get; init; }

    /// <summary>The experts that system memory takes where not all fits; null where that does not help.</summary>
    public ExpertOffload? Experts { get; init; }
}
