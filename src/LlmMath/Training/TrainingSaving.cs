using LlmMath.Basics;
using LlmMath.Engines;
using LlmMath.Training.Memory;
using LlmMath.Training.Methods;
using LlmMath.Training.Steps;

namespace LlmMath.Training;

/// <summary>A change that takes less memory.</summary>
/// <param name="Knob">What to change: <c>recompute full</c>.</param>
/// <param name="Saved">What the fullest GPU then holds less.</param>
/// <param name="Slowdown">Time of a step then ÷ now, by operations, what is sent and what the host takes; below 1 where it is
/// faster.</param>
/// <param name="Fits">Whether it would fit then; null where the GPU or its memory is not known.</param>
public sealed record TrainingSaving(string Knob, ByteSize Saved, double Slowdown, bool? Fits)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(TrainingSaving), PrintMembers);
}

/// <summary>Finds what saves memory.</summary>
internal static class TrainingSavings
{
    /// <summary>Each change by itself that saves anything, the one that slows least first; all together where it says so
    /// last.</summary>
    public static ValueList<TrainingSaving> Of(TrainingEstimate now)
    {
        TrainingRun run = now.Run;
        Deployment on = now.Deployment;
        var tried = new List<(string Knob, Deployment On, TrainingRun Run)>
        {
            ("recompute selective", on, run with { Recomputation = Recomputation.Selective }),
            ("recompute full", on, run with { Recomputation = Recomputation.Full }),
            ("attention flash", on, run with { Attention = AttentionKernel.Flash }),
            ("loss chunked", on, run with { Loss = LossKernel.Chunked }),
            ("loss fused", on, run with { Loss = LossKernel.Fused }),
            ("optimizer adamw-8bit", on, run with { Optimizer = Optimizer.AdamW8Bit }),
            ("offload optimizer", on, run with { Offload = run.Offload | Offload.Optimizer }),
            ("offload parameters", on, run with { Offload = run.Offload | Offload.Parameters }),
            ("offload activations", on, run with { Offload = run.Offload | Offload.Activations }),
        };
        if (run.MicroBatch > 1 && run.MicroBatch % 2 == 0)
        {
            tried.Add(($"micro-batch {NumberText.N(run.MicroBatch / 2)}", on, run with
            {
                MicroBatch = run.MicroBatch / 2,
                GlobalBatch = run.GlobalBatch == 0 && run.Rollout is null ? run.MicroBatch * on.Placement.Data : run.GlobalBatch,
            }));
        }

        for (Sharding sharding = on.Placement.Sharding + 1; sharding <= Sharding.Zero3 && on.Placement.Data > 1; sharding++)
        {
            tried.Add(("sharding " + sharding.ToString().ToLowerInvariant(),
                on with { Placement = on.Placement with { Sharding = sharding } }, run));
        }

        if (run.Method == TrainingMethod.Lora && on.Weights.ElementBits == 16)
        {
            tried.Add(("method qlora", on with { Weights = WeightFormat.Nf4 }, run with { Method = TrainingMethod.QLora }));
        }

        if (MethodFacts.ReferenceOf(run) == ReferenceModel.Kept)
        {
            tried.Add(run.Method.IsReinforced() ? ("reference none", on, run with { Reference = ReferenceModel.None })
                : ("reference precomputed", on, run with { Reference = ReferenceModel.Precomputed }));
        }

        if (run.Rollout is { Mode: RolloutMode.Colocated } rollout)
        {
            tried.Add(("rollout-sleep released", on, run with { Rollout = rollout with { Sleep = EngineSleep.Released } }));
        }

        double time = Seconds(on, run);
        return [.. tried.Select(other => Saving(now, other.Knob, other.On, other.Run, time)).OfType<TrainingSaving>()
            .OrderBy(saving => saving.Slowdown).ThenByDescending(saving => saving.Saved.Bytes)];
    }

    private static TrainingSaving? Saving(TrainingEstimate now, string knob, Deployment on, TrainingRun run, double time)
    {
        try
        {
            TrainingMemory memory = on.Training(run).Memory;
            long saved = now.Memory.Allocated.Bytes - memory.Allocated.Bytes;
            return saved <= 0 ? null : new(knob, new(saved), Seconds(on, run) / time, memory.Fits);
        }
        catch (ArgumentException)
        {
            // What the trainer or the model does not allow saves nothing.
            return null;
        }
    }

    // By the trainer's constants, or where there are none by half of every peak.
    private static double Seconds(Deployment on, TrainingRun run)
    {
        Gpu gpu = on.Gpu ?? GpuCatalog.H100Sxm80Gb;
        TrainingGeneration? generation = on.Engine?.Training?.On(gpu);
        ReadOnlySpan<double> values = generation is null
            ? [0.5, 0.5, 0.5, 1, 0, 0.5, 0, 0.3, 0.3, 0.3, 2, 0]
            : generation.Values.AsSpan();
        return StepTime.Of(StepWork.Of(new PlacedRun(on, run)), values, run.Products, gpu).Total;
    }
}
