using System.Numerics;
using static LlmMath.Fuzz.PropertyException;

namespace LlmMath.Fuzz.Estimates;

/// <summary>What a model takes in memory, on what it fits, how far it goes.</summary>
internal static class MemorySurface
{
    public static Surface Surface { get; } = new("estimates/memory",
        "`Memory`, `Fit`, limits, offload, advice, `Explain`: an estimate, or a documented exception; no figure "
        + "negative, low ≤ expected ≤ high, parts and working add up to the total, no byte of the weights is lost, never "
        + "`Fits` with weights above the room",
        Try);

    private static bool Try(Trial trial)
    {
        Random random = trial.Random;
        ModelDefinition model = Models.Next(trial);
        trial.Input = () => Models.Shown(model);
        return Refusal.Answers(() =>
        {
            Deployment deployment = Settings.Held(random, model);
            Workload workload = Settings.Sequences(random, model);
            Gpu gpu = Settings.Gpu(random);
            trial.Input = () => $"{Models.Shown(model)}; {Models.Shown(deployment)}; {workload}; {gpu}";
            MemoryEstimate e = deployment.Memory(workload);
            trial.Did("estimates");
            CheckFigures(e);
            CheckWeights(e);
            CheckFit(e, gpu);
            if (random.OneIn(4))
            {
                CheckWorking(e);
                trial.Did("workings");
            }

            // What asks for many estimates of its own is asked less often.
            if (random.OneIn(10))
            {
                CheckLimits(e, gpu);
                trial.Did("limits");
            }

            if (random.OneIn(20) && deployment.Placement.Gpus == 1)
            {
                CheckOffload(e, gpu);
                trial.Did("offloads");
            }

            if (random.OneIn(50))
            {
                CheckAdvice(e, gpu);
                trial.Did("advice");
            }
        });
    }

    private static void CheckFigures(in MemoryEstimate e)
    {
        ReadOnlySpan<ByteSize> figures =
        [
            e.Weights, e.KeyValueCache, e.KeyValueBytesPerToken, e.KeyValueBytesPerTokenBeyondWindows, e.State, e.Activations,
                e.Runtime,
            e.RotaryTable, e.Additions, e.PerGpu, e.PerGpuWeights, e.PerGpuCache, e.Host,
        ];
        for (int i = 0; i < figures.Length; i++)
        {
            Require(figures[i].Bytes >= 0, "no figure is negative", i);
        }

        BigInteger sum = (BigInteger)e.Weights.Bytes + e.KeyValueCache.Bytes + e.Activations.Bytes + e.Runtime.Bytes
            + e.Additions.Bytes;
        Require(e.Total.Bytes == sum, "the parts add up to the total", (e.Total.Bytes, sum));
        ByteRange range = e.TotalRange;
        Require(range.Low <= range.Expected && range.Expected <= range.High && range.Low.Bytes >= 0, "low ≤ expected ≤ high",
            range);
        Require(range.Expected == e.Total, "the range is that of the total", range);
        Require(e.KeyValueBytesPerTokenBeyondWindows <= e.KeyValueBytesPerToken, "full windows take no more",
            (e.KeyValueBytesPerTokenBeyondWindows, e.KeyValueBytesPerToken));
        Require((BigInteger)e.PerGpuWeights.Bytes + e.PerGpuCache.Bytes <= e.PerGpu.Bytes, "a GPU's parts are no more than it "
            + "holds",
            (e.PerGpuWeights, e.PerGpuCache, e.PerGpu));
        Require(e.RotaryTable <= e.Runtime, "the rotary table is part of the runtime", (e.RotaryTable, e.Runtime));
        Require(e.Host <= e.Total, "what lies in system memory is part of the total", (e.Host, e.Total));
    }

    private static void CheckWeights(in MemoryEstimate e)
    {
        ByteSize all = All(e);
        Require(e.Deployment.Placement.Gpus > 1 || e.Weights == all, "one GPU and system memory hold all weights and no more",
            (e.Weights.Bytes, all.Bytes));
        Require(e.Weights >= all, "GPUs and system memory hold all weights", (e.Weights.Bytes, all.Bytes));
    }

    // Every tensor once, as the engine loads it; or what a checkpoint says.
    private static ByteSize All(in MemoryEstimate e) => e.Deployment.StoredWeights
        ?? e.Deployment.Model.WeightMemory(e.Deployment.Placed.Format);

    private static void CheckFit(in MemoryEstimate e, Gpu gpu)
    {
        MemoryFit fit = e.FitOn(gpu);
        Require(fit.Need.Bytes >= 0 && fit.Room.Bytes >= 0 && fit.Spare.Bytes >= 0 && fit.Missing.Bytes >= 0,
            "need, room, spare and missing are 0 or more", fit);
        Require(fit.Fits == (fit.Missing.Bytes == 0) && fit.Fits == e.FitsOn(gpu), "a fit lacks nothing", fit);
        BigInteger room = (BigInteger)fit.Room.Bytes * e.Deployment.Placement.Gpus;
        MemoryEstimate there = On(e, gpu);
        bool usesHost = !gpu.HasUnifiedMemory && there.Engine is { Load.KeepsInputsOnHost: true };
        Require(!fit.Fits || there.PerGpuWeights <= fit.Room, "never fits with a GPU's weights above the room", fit);
        Require(!fit.Fits || usesHost || All(there).Bytes <= room, "never fits with all weights above all rooms", fit);
        Require(fit == there.Fit && fit.Fits == there.Fits, "a fit is the same from each door", fit);
        Require(there.Warnings().All(static warning => warning.Length is > 0 and < 2000), "a warning is short");
    }

    private static void CheckWorking(in MemoryEstimate e)
    {
        BigInteger total = 0;
        foreach (DerivationLine line in e.Explain())
        {
            total += line.Value;
            Require(line.Total == total, "the working adds up", line);
        }

        Require(total == e.Total.Bytes, "the working ends at the total", (total, e.Total.Bytes));
    }

    private static void CheckLimits(in MemoryEstimate e, Gpu gpu)
    {
        Deployment on = e.Deployment with { Gpu = gpu };
        if (on.LargestContext(e.Workload) is { } context)
        {
            Workload at = e.Workload with { PromptTokens = context, OutputTokens = 0 };
            Require(on.Memory(at).Fits == true, "the largest context fits", context);
        }

        if (on.LargestBatch(e.Workload) is { } batch)
        {
            Require(on.Memory(e.Workload with { Requests = batch }).Fits == true, "the largest batch fits", batch);
        }
    }

    private static MemoryEstimate On(in MemoryEstimate e, Gpu gpu) => (e.Deployment with { Gpu = gpu }).Memory(e.Workload);

    private static void CheckOffload(in MemoryEstimate e, Gpu gpu)
    {
        LayerOffload split = (e.Deployment with { Gpu = gpu }).GpuLayers(e.Workload);
        Require(split.GpuLayers >= 0 && split.GpuLayers <= split.AllLayers && split.GpuBytes.Bytes >= 0
            && split.HostBytes.Bytes >= 0,
            "layers and bytes of a split are in range", split);
        Require((BigInteger)split.GpuBytes.Bytes + split.HostBytes.Bytes >= All(e).Bytes, "both sides hold all weights",
            (split, All(e).Bytes));
    }

    private static void CheckAdvice(in MemoryEstimate e, Gpu gpu)
    {
        bool wasRefused = false;
        MemoryEstimate there = On(e, gpu);
        foreach (MemoryAdvice advice in MemoryAdvice.For(there))
        {
            MemoryEstimate then = advice.Deployment.Memory(advice.Workload);
            Require(advice.Saves.Bytes > 0 && then.PerGpu.Bytes
                + advice.Saves.Bytes == there.PerGpu.Bytes, "advice saves what it says", advice);
            Require(advice.Fits == then.Fits, "advice fits where it says so", advice);
            Require(!advice.Fits || !wasRefused, "what fits comes first", advice);
            wasRefused |= !advice.Fits;
        }
    }
}
