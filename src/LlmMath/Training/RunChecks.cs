using LlmMath.Architectures;
using LlmMath.Basics;
using LlmMath.Engines;
using LlmMath.Formats;
using LlmMath.Training.Methods;
using static LlmMath.Basics.NumberText;
using static LlmMath.Basics.FieldCheck;

namespace LlmMath.Training;

/// <summary>Refuses runs that cannot be.</summary>
internal static class RunChecks
{
    /// <summary>Refuses what is out of range or does not go together.</summary>
    /// <exception cref="EstimateException">Something is; the error names the field and what would be right.</exception>
    public static void Check(Deployment on, TrainingRun run)
    {
        AtLeastOne(run.Tokens, nameof(run.Tokens));
        AtLeastOne(run.SequenceLength, nameof(run.SequenceLength));
        AtLeastOne(run.MicroBatch, nameof(run.MicroBatch));
        AtLeastOne(run.RecomputedTogether, nameof(run.RecomputedTogether));
        AtLeastOne(run.Interleaving, nameof(run.Interleaving));
        AtLeastOne(run.Epochs, nameof(run.Epochs));
        CheckRest(run);
        MethodChecks.Check(on, run);
        Architecture a = on.Model.Architecture;
        if (!run.ExtendsContext && a.ContextLength is { } limit && run.SequenceLength > limit)
        {
            throw new EstimateException(nameof(run.SequenceLength),
                $"the model was made for at most {N(limit)} tokens; it is {N(run.SequenceLength)}.",
                "Set ExtendsContext where its positions are scaled to more.");
        }

        CheckAdapter(on, run);
        if (run.Rollout is null)
        {
            CheckBatch(on.Placement, run);
        }

        CheckPlacement(on, run, a);
        CheckFormats(on, run);
    }

    private static void CheckRest(TrainingRun run)
    {
        Interruptions stops = run.Interruptions;
        Need(run.Filled is > 0 and <= 1, nameof(run.Filled), "above 0 and at most 1", run.Filled);
        Need(run.EvaluationTokens >= 0, nameof(run.EvaluationTokens), "0 or more", run.EvaluationTokens);
        Need(stops.GpuHoursBetween > 0, "Interruptions.GpuHoursBetween", "above 0", stops.GpuHoursBetween);
        Need(stops.RestartMinutes is >= 0 and < 1e9, "Interruptions.RestartMinutes", "0 or more", stops.RestartMinutes);
        Need(stops.CheckpointSeconds is null or (> 0 and < 1e9), "Interruptions.CheckpointSeconds", "above 0",
            stops.CheckpointSeconds ?? 0);
    }

    private static void CheckAdapter(Deployment on, TrainingRun run)
    {
        bool needs = run.Method is TrainingMethod.Lora or TrainingMethod.QLora;
        if (needs && run.Adapter is null)
        {
            throw new EstimateException(nameof(run.Adapter), $"{run.Method} trains one; none is given.",
                "LoraSpec.AllLinear(16) is usual.");
        }

        if (!needs && run.Adapter is not null && run.Method is TrainingMethod.Pretrain or TrainingMethod.Full)
        {
            throw new EstimateException(nameof(run.Adapter), $"{run.Method} trains all parameters; an adapter is given.",
                "Take Lora or QLora.");
        }

        if (run.Method == TrainingMethod.QLora && on.Weights.Group != FormatGroup.Gguf && on.Weights.ElementBits is null or >= 16)
        {
            throw new EstimateException(nameof(on.Weights), $"QLoRA's weights are quantized; they are in {on.Weights}.",
                "WeightFormat.Nf4 is usual.");
        }
    }

    private static void CheckBatch(Parallelism over, TrainingRun run)
    {
        if (run.GlobalBatch < 0 || (run.GlobalBatch > 0 && run.GlobalBatch % ((long)run.MicroBatch * over.Data) != 0))
        {
            throw new EstimateException(nameof(run.GlobalBatch),
                $"a multiple of {N(run.MicroBatch)} × {N(over.Data)} is right, the micro-batch times the replicas; it is "
                + $"{N(run.GlobalBatch)}.");
        }
    }

    private static void CheckPlacement(Deployment on, TrainingRun run, Architecture a)
    {
        Parallelism over = on.Placement;
        over.Check(a);
        if (run.SequenceLength % over.Context != 0)
        {
            throw new EstimateException("Placement.Context",
                $"{N(over.Context)} does not divide the {N(run.SequenceLength)} tokens of a sequence.");
        }

        if (over.Sharding >= Sharding.Zero2 && over.Pipeline > 1 && on.Engine?.Training is { BuffersGradients: true })
        {
            throw new EstimateException("Placement.Sharding",
                $"{on.Engine} shares out no more than the optimizer's state where there are stages.", "Take Zero1.");
        }

        if (run.Interleaving > 1 && (over.Pipeline == 1 || a.LayerCount % (over.Pipeline * (long)run.Interleaving) != 0))
        {
            throw new EstimateException(nameof(run.Interleaving),
                $"{N(run.Interleaving)} runs of layers a stage need stages, and layers that they divide; there are "
                + $"{N(over.Pipeline)} stages and {N(a.LayerCount)} layers.");
        }
    }

    private static void CheckFormats(Deployment on, TrainingRun run)
    {
        if ((run.Recipe is { IsFp8: true } || run.Products == ProductFormat.Float8) && on.Gpu is { PeakRates.Fp8: null } gpu)
        {
            throw new EstimateException(run.Recipe is { IsFp8: true } ? nameof(run.Recipe) : nameof(run.Products),
                $"{gpu.DisplayName} has no 8-bit floats.", "Train in 16 bits.");
        }

        if (run.Products == ProductFormat.Float4 && on.Gpu is { PeakRates.Fp4: null } without)
        {
            throw new EstimateException(nameof(run.Products), $"{without.DisplayName} has no 4-bit floats.", "Train in 16 bits.");
        }

        if (run.IsAdapted && on.Weights.Group == FormatGroup.Gguf)
        {
            throw new EstimateException(nameof(on.Weights), $"no trainer works on weights in {on.Weights}.",
                "Train over bf16 or nf4, and convert afterwards.");
        }

        if (!run.IsAdapted && on.Weights.ElementBits is null or < 16)
        {
            throw new EstimateException(nameof(on.Weights),
                $"all parameters are trained, which are of 16 or 32 bits; they are in {on.Weights}.", "Take WeightFormat.Bf16.");
        }
    }

    private static void AtLeastOne(long value, string name)
    {
        if (value < 1)
        {
            throw new EstimateException(name, $"1 or more is right; it is {N(value)}.");
        }
    }
}
