using LlmMath.Training;

namespace LlmMath.Tests.Training;

/// <summary>Hours by the wall's clock: failures, checkpoints, restarts, padding, evaluation.</summary>
public class InterruptionsTests
{
    private static readonly Deployment s_on = new(ModelCatalog.Llama3_1_8b, GpuCatalog.H100Sxm80Gb, TrainerCatalog.Torchtitan,
        WeightFormat.Bf16)
    {
        Placement = new() { Data = 8, Sharding = Sharding.Zero3 },
    };

    private static readonly TrainingRun s_run = new(TrainingMethod.Full, 1_000_000_000) { SequenceLength = 4096 };

    /// <summary>Llama 3 405B, arXiv:2407.21783, section 3.3.4: a failure each 3.09 hours, and more than nine tenths of the time
    /// trained.</summary>
    [Fact]
    public void LlamasRunTrainedMoreThanNineTenths()
    {
        double between = Interruptions.Usual.GpuHoursBetween / 16_384;
        // 405 billion parameters × (2 + 12 bytes) ÷ 2 TB/s.
        double checkpoint = 405e9 * 14 / 2e12 / 3600;

        Assert.Equal(54 * 24 / 419.0, between, 1e-12);
        Assert.InRange(Interruptions.Goodput(checkpoint, Interruptions.Usual.RestartMinutes / 60, between), 0.9, 0.95);
    }

    /// <summary>Where little is lost: 1 − √(2δ ÷ M) − R ÷ M.</summary>
    [Fact]
    public void ItIsTheFirstOrderWhereLittleIsLost()
    {
        const double Written = 1e-4, Restart = 0.01, Between = 100;

        Assert.Equal(1 - Math.Sqrt(2 * Written / Between) - (Restart / Between),
            Interruptions.Goodput(Written, Restart, Between), 1e-5);
        Assert.Equal(1, Interruptions.Goodput(Written, Restart, double.PositiveInfinity));
    }

    /// <summary>No other interval between checkpoints loses less, to the first order.</summary>
    [Theory]
    [InlineData(0.05, 3)]
    [InlineData(0.01, 500)]
    public void NoIntervalLosesLess(double written, double between)
    {
        double best = Interruptions.CheckpointInterval(written, between);
        double Lost(double interval) => (written / interval) + (interval / 2 / between);

        Assert.All([0.5, 0.9, 1.1, 2], times => Assert.True(Lost(best) < Lost(times * best)));
    }

    /// <summary>The run takes its steps ÷ goodput, which falls with more GPUs.</summary>
    [Fact]
    public void HoursAreThoseOfTheClock()
    {
        TrainingSpeed plain = s_on.Training(s_run with { Interruptions = Interruptions.None }).Speed!;
        TrainingSpeed stopped = s_on.Training(s_run).Speed!;
        TrainingSpeed wide = (s_on with { Placement = s_on.Placement with { Data = 4096 } }).Training(s_run).Speed!;

        Assert.Equal(new RateRange(1, 1, 1), plain.Goodput);
        Assert.Equal(TimeSpan.MaxValue, plain.CheckpointInterval);
        Assert.Equal(plain.Step, stopped.Step);
        Assert.Equal(plain.Whole.Expected.TotalSeconds / stopped.Goodput.Expected, stopped.Whole.Expected.TotalSeconds, 1e-3);
        Assert.True(stopped.Goodput.Low < stopped.Goodput.Expected && stopped.Goodput.Expected < stopped.Goodput.High);
        Assert.True(wide.Goodput.Expected < stopped.Goodput.Expected);
        // Float32 parameters and two moments each.
        Assert.Equal(8_030_261_248 * 12.0,
            stopped.Checkpoint.TotalSeconds * 8 * Interruptions.StorageBytesPerSecond, 1e6);
    }

    /// <summary>Half of the positions empty: twice the steps; an evaluation passes forward alone.</summary>
    [Fact]
    public void PaddingAndEvaluationTakeTime()
    {
        TrainingRun run = s_run with { Interruptions = Interruptions.None, Tokens = 8 * 4096 * 1000 };
        TrainingSpeed full = s_on.Training(run).Speed!, half = s_on.Training(run with { Filled = 0.5 }).Speed!;
        TrainingSpeed evaluated = s_on.Training(run with { EvaluationTokens = run.Tokens }).Speed!;

        Assert.Equal(full.Step, half.Step);
        Assert.Equal(full.Whole.Expected.TotalSeconds * 2, half.Whole.Expected.TotalSeconds, 1e-3);
        Assert.Equal(full.TokensPerSecondPerGpu.Expected, half.TokensPerSecondPerGpu.Expected * 2, 1e-6);
        Assert.InRange(evaluated.Whole.Expected / full.Whole.Expected, 1.2, 1.6);
    }

    public static TheoryData<TrainingRun, string> Wrong => new()
    {
        { s_run with { Filled = 0 }, "Filled" },
        { s_run with { Filled = double.NaN }, "Filled" },
        { s_run with { EvaluationTokens = -1 }, "EvaluationTokens" },
        { s_run with { Interruptions = new() { GpuHoursBetween = 0 } }, "Interruptions.GpuHoursBetween" },
        { s_run with { Interruptions = new() { GpuHoursBetween = double.NaN } }, "Interruptions.GpuHoursBetween" },
        { s_run with { Interruptions = new() { RestartMinutes = -1 } }, "Interruptions.RestartMinutes" },
        { s_run with { Interruptions = new() { CheckpointSeconds = 0 } }, "Interruptions.CheckpointSeconds" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WhatCannotBeIsNamed(TrainingRun run, string field) =>
        Assert.Equal(field, Assert.Throws<EstimateException>(() => s_on.Training(run)).Field);
}
