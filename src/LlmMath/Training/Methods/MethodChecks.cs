using LlmMath.Basics;
using static LlmMath.Basics.NumberText;

namespace LlmMath.Training.Methods;

/// <summary>Refuses what does not go together in preference and reinforcement learning.</summary>
internal static class MethodChecks
{
    /// <summary>Refuses it.</summary>
    /// <exception cref="EstimateException">Something is; the error names the field and what would be right.</exception>
    public static void Check(Deployment on, TrainingRun run)
    {
        CheckReference(run);
        if (!run.Method.IsReinforced())
        {
            Require(run.Rollout is null, nameof(run.Rollout), $"{run.Method} trains on given texts; a rollout is given.",
                "Take Ppo or Grpo.");
            return;
        }

        if (run.Rollout is not { } rollout)
        {
            throw new EstimateException(nameof(run.Rollout), $"{run.Method} trains on answers; their lengths are not said.",
                "new Rollout(new(512), new(1024)) is one.");
        }

        Require(run.SequenceLength >= rollout.Longest, nameof(run.SequenceLength),
            $"the longest prompt and answer have {N(rollout.Longest)} tokens; it is {N(run.SequenceLength)}.");
        Require(run.Filled == 1, nameof(run.Filled), $"lengths of prompts and answers say it; it is {Short(run.Filled)}.");
        AtLeast(1, rollout.Prompts, "Rollout.Prompts");
        AtLeast(1, rollout.Epochs, "Rollout.Epochs");
        AtLeast(run.Method == TrainingMethod.Grpo ? 2 : 1, MethodFacts.GroupOf(run), "Rollout.Group");
        Require(rollout.EngineShare is > 0 and < 1, "Rollout.EngineShare",
            $"above 0 and below 1 is right; it is {Short(rollout.EngineShare)}.");
        Require(rollout.RewardSeconds is >= 0 and < 1e9, "Rollout.RewardSeconds",
            $"0 or more is right; it is {Short(rollout.RewardSeconds)}.");
        long answers = (long)rollout.Prompts * MethodFacts.GroupOf(run);
        Require(run.GlobalBatch >= 0 && run.GlobalBatch <= answers, nameof(run.GlobalBatch),
            $"at most the {N(answers)} answers of a step are right; it is {N(run.GlobalBatch)}.");
        Require(rollout.By is not { } by || rollout.Mode != RolloutMode.Colocated || by.Placement.Gpus == on.Placement.Gpus,
            "Rollout.By", $"colocated, it has the {N(on.Placement.Gpus)} GPUs that train; it has "
                + $"{N(rollout.By?.Placement.Gpus ?? 0)}.");
        Require(rollout.Critic is null || run.Method == TrainingMethod.Ppo, "Rollout.Critic", "GRPO has none; one is given.");
    }

    private static void CheckReference(TrainingRun run)
    {
        if (run.Reference is not { } reference)
        {
            return;
        }

        if (!run.Method.HasReference())
        {
            Require(reference == ReferenceModel.None, nameof(run.Reference), $"{run.Method} has none; it is {reference}.");
        }
        else if (!run.Method.IsReinforced())
        {
            Require(reference != ReferenceModel.None, nameof(run.Reference), $"{run.Method} is held to one; it is {reference}.");
        }
        else
        {
            Require(reference != ReferenceModel.Precomputed, nameof(run.Reference),
                $"answers of {run.Method} are not there before training; it is {reference}.");
        }

        Require(reference != ReferenceModel.AdapterOff || run.IsAdapted, nameof(run.Reference),
            "no adapter is trained that could be switched off.");
    }

    private static void AtLeast(long least, long value, string name) =>
        Require(value >= least, name, $"{N(least)} or more is right; it is {N(value)}.");

    private static void Require(bool holds, string field, string problem, string? remedy = null)
    {
        if (!holds)
        {
            throw new EstimateException(field, problem, remedy);
        }
    }
}
