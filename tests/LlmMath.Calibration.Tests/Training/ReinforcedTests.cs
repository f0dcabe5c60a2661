using LlmMath.Testing;
using LlmMath.Training;

namespace LlmMath.Calibration.Tests.Training;

/// <summary>Steps of reinforcement learning that others measured, catalog/evidence/training-rl.csv.</summary>
public class ReinforcedTests
{
    private static readonly IReadOnlyList<ReinforcedRow> s_rows = ReinforcedRow.Read(Repository.Root);

    /// <summary>NeMo RL and DeepSpeed-Chat, each model left out of the fit of the two factors. Asked were 20 and 50 %.</summary>
    [Fact]
    public void StepsOfModelsLeftOutAreNear()
    {
        IReadOnlyList<ReinforcedHalves> steps = ReinforcedFit.StepsOf(s_rows);
        double[] errors = [.. ReinforcedFit.LeftOut(steps).Select(one => Math.Abs(one - 1))];

        Assert.Equal(33, errors.Length);
        Assert.InRange(Quantile.Of(errors, 0.5), 0, 0.2);
        Assert.InRange(Quantile.Of(errors, 0.9), 0, 0.45);
        // Those that stand in the library, as near as the engine's own constants have moved since.
        (double writing, double training) = ReinforcedFit.Of(steps);
        Assert.InRange(writing, 1.8, 2.6);
        Assert.InRange(training, 0.9, 1.3);
    }

    /// <summary>verl's steps, which no factor was fitted to; their lengths are those of the measured update.</summary>
    [Fact]
    public void StepsThatWereNotFittedAreNear()
    {
        ReinforcedRow[] rows = [.. s_rows.Where(row => row.Set == "phases")];
        double[] errors = [.. rows.Select(row => Math.Abs((row.Estimate("step") / row.Measured["step"]) - 1))];

        Assert.Equal(10, errors.Length);
        Assert.InRange(Quantile.Of(errors, 0.5), 0, 0.26);
        Assert.InRange(Quantile.Of(errors, 0.9), 0, 0.4);
    }

    /// <summary>As measured, of the same answers on as many GPUs: without a pause is faster than one step ahead, that faster than
    /// in turn.</summary>
    [Theory]
    [InlineData("verl-fsdp2-32-colocated")]
    [InlineData("verl-fsdp2-64-colocated")]
    [InlineData("verl-fsdp2-128-colocated")]
    public void WritingAheadIsFaster(string name)
    {
        ReinforcedRow inTurn = s_rows.Single(row => row.Name == name);
        double Ahead(RolloutMode mode)
        {
            int half = inTurn.On.Placement.Gpus / 2;
            Parallelism writing = inTurn.Run.Rollout!.By!.Placement;
            Rollout rollout = inTurn.Run.Rollout with
            {
                Mode = mode,
                By = inTurn.Run.Rollout.By with { Placement = writing with { Data = half / writing.Tensor } },
            };
            return (inTurn.On with { Placement = inTurn.On.Placement with { Data = inTurn.On.Placement.Data / 2 } })
                .Training(inTurn.Run with { Rollout = rollout }).Speed!.Step.Expected.TotalSeconds;
        }

        Assert.True(Ahead(RolloutMode.Asynchronous) <= Ahead(RolloutMode.OneStepOff));
        Assert.True(Ahead(RolloutMode.OneStepOff) < Ahead(RolloutMode.Apart));
    }
}
