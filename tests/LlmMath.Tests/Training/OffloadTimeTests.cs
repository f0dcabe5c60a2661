using LlmMath.Training;

namespace LlmMath.Tests.Training;

/// <summary>What lies in the host's memory or on its drives: bytes there, and what they take of a step.</summary>
public class OffloadTimeTests
{
    private const long Parameters = 8_030_261_248;

    private static readonly Deployment s_on = new(ModelCatalog.Llama3_1_8b, GpuCatalog.A100Sxm80Gb, TrainerCatalog.Torchtitan,
        WeightFormat.Bf16)
    {
        Node = new() { PcieBytesPerSecond = 50e9, HostBytesPerSecond = 200e9 },
    };

    private static readonly TrainingRun s_run = new(TrainingMethod.Full, 1_000_000)
    {
        Recipe = StateRecipe.Mixed, SequenceLength = 1024, Recomputation = Recomputation.Full,
    };

    /// <summary>By hand: gradients of 2 bytes out and parameters of 2 back over 25 GB/s, and 12 bytes of copies and moments read
    /// and written, the 4 that pass beside, at 200 GB/s.</summary>
    [Fact]
    public void TheOptimizersPartIsItsTraffic()
    {
        TrainingEstimate estimate = s_on.Training(s_run with { Offload = Offload.Optimizer });

        Assert.Equal(12 * Parameters, estimate.Memory.Host.Bytes);
        Assert.Equal((4.0 * Parameters / 25e9) + (((2 * 12) + 4.0) * Parameters / 200e9), Host(estimate), 1e-6);
    }

    /// <summary>By hand: forward, forward again and back of each of four micro-batches read 2 bytes a parameter; two GPUs of a
    /// machine share its memory.</summary>
    [Fact]
    public void ParametersAreReadForEachPass()
    {
        TrainingRun run = s_run with { Offload = Offload.Parameters, GlobalBatch = 4 };

        Assert.Equal(4 * 3 * 2.0 * Parameters / 25e9, Host(s_on.Training(run)), 1e-6);
        Assert.Equal(4 * 2 * 2.0 * Parameters / 25e9,
            Host(s_on.Training(run with { Recomputation = Recomputation.None })), 1e-6);
        Deployment two = s_on with { Placement = new() { Data = 2, Sharding = Sharding.Zero3 } };
        Assert.Equal((4 * (Parameters / 2.0) / 25e9) + (28 * (Parameters / 2.0) * 2 / 200e9),
            Host(two.Training(s_run with { Offload = Offload.Optimizer })), 1e-5);
    }

    [Fact]
    public void ActivationsGoAndComeBack()
    {
        // A layer's input: 32 layers × 4,096 × 2 bytes × 1,024 tokens.
        const double Kept = 32 * 4096 * 2 * 1024;
        TrainingEstimate estimate = s_on.Training(s_run with { Offload = Offload.Activations });

        Assert.Equal(Kept, estimate.Memory.Host.Bytes);
        Assert.Equal(2 * Kept / 25e9, Host(estimate), 1e-6);
    }

    /// <summary>Where the trainer copies while it computes, only what computing does not hide waits.</summary>
    [Fact]
    public void WhatIsCopiedMeanwhileWaitsLess()
    {
        Deployment overlapping = s_on with
        {
            Engine = s_on.Engine! with { Training = s_on.Engine!.Training! with { OverlapsOffload = true } },
        };
        TrainingRun run = s_run with { Offload = Offload.Parameters, SequenceLength = 256 };
        double waits = Host(s_on.Training(run)), busy = Step(s_on.Training(run)) - waits;

        Assert.InRange(busy, 0.01, waits);
        Assert.Equal(waits - busy, Host(overlapping.Training(run)), 1e-6);
    }

    /// <summary>A link that nobody sourced is reckoned as the slowest, and drives of unknown rate give no time.</summary>
    [Fact]
    public void WhatIsNotKnownIsNotFast()
    {
        TrainingRun run = s_run with { Offload = Offload.Parameters };
        Gpu unknown = GpuCatalog.A100Sxm80Gb with { PcieGeneration = null };
        Deployment plain = s_on with { Node = Node.Usual };

        Assert.Equal(2 * Host(plain.Training(run)), Host((plain with { Gpu = unknown }).Training(run)), 1e-6);
        TrainingEstimate drives = s_on.Training(run with { Offload = Offload.Optimizer | Offload.Nvme });
        Assert.Null(drives.Speed);
        Assert.Equal((0, 12 * Parameters), (drives.Memory.Host.Bytes, drives.Memory.Nvme.Bytes));
        Deployment known = s_on with { Node = s_on.Node with { NvmeBytesPerSecond = 5e9 } };
        Assert.Equal(24.0 * Parameters / 5e9, Host(known.Training(run with { Offload = Offload.Optimizer | Offload.Nvme }))
            - Host(s_on.Training(run with { Offload = Offload.Optimizer })), 1e-5);
    }

    /// <summary>The knob says how much slower it is.</summary>
    [Fact]
    public void TheKnobSaysWhatItTakes()
    {
        TrainingEstimate now = s_on.Training(s_run);
        TrainingSaving saving = now.Savings().Single(one => one.Knob == "offload optimizer");

        Assert.Equal(Step(s_on.Training(s_run with { Offload = Offload.Optimizer })) / Step(now), saving.Slowdown, 1e-6);
        Assert.True(saving.Slowdown > 1.5);
    }

    private static double Host(TrainingEstimate estimate) =>
        estimate.Speed!.Phases.Single(phase => phase.Name == "host memory").Milliseconds / 1e3;

    private static double Step(TrainingEstimate estimate) => estimate.Speed!.Phases.Sum(phase => phase.Milliseconds) / 1e3;
}
