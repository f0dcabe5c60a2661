using LlmMath.Basics;
using static LlmMath.Basics.NumberText;
using static LlmMath.Basics.FieldCheck;

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
            if (run.Rollout is not null)
            {
                throw new EstimateException(nameof(run.Rollout), $"{run.Method} trains on given texts; a rollout is given.",
                    "Take Ppo or Grpo.");
            }

            return;
        }

        if (run.Rollout is not { } rollout)
        {
            throw new EstimateException(nameof(run.Rollout), $"{run.Method} trains on answers; their lengths are not said.",
                "new Rollout(new(512), new(1024)) is one.");
        }

        if (run.SequenceLength < rollout.Longest)
        {
            throw new EstimateException(nameof(run.SequenceLength),
                $"the longest prompt and answer have {N(rollout.Longest)} tokens; it is {N(run.SequenceLength)}.");
        }

        if (run.Filled != 1)
        {
            throw new EstimateException(nameof(run.Filled),
                $"lengths of prompts and answers say it; it is {Short(run.Filled)}.");
        }

        AtLeast(1, rollout.Prompts, "Rollout.Prompts");
        AtLeast(1, rollout.Epochs, "Rollout.Epochs");
        AtLeast(run.Method == TrainingMethod.Grpo ? 2 : 1, MethodFacts.GroupOf(run), "Rollout.Group");
        Need(rollout.EngineShare is > 0 and < 1, "Rollout.EngineShare", "above 0 and below 1", rollout.EngineShare);
        Need(rollout.RewardSeconds is >= 0 and < 1e9, "Rollout.RewardSeconds", "0 or more", rollout.RewardSeconds);
        long answers = (long)rollout.Prompts * MethodFacts.GroupOf(run);
        if (run.GlobalBatch < 0 || run.GlobalBatch > answers)
        {
            throw new EstimateException(nameof(run.GlobalBatch),
                $"at most the {N(answers)} answers of a step are right; it is {N(run.GlobalBatch)}.");
        }

        if (rollout is { By: { } by, Mode: RolloutMode.Colocated } && by.Placement.Gpus != on.Placement.Gpus)
        {
            throw new EstimateException("Rollout.By",
                $"colocated, it has the {N(on.Placement.Gpus)} GPUs that train; it has {N(by.Placement.Gpus)}.");
        }

        if (rollout.Critic is not null && run.Method != TrainingMethod.Ppo)
        {
            throw new EstimateException("Rollout.Critic", "GRPO has none; one is given.");
        }
    }

    private static void CheckReference(TrainingRun run)
    {
        if (run.Reference is not { } reference)
        {
            return;
        }

        TrainingMethod method = run.Method;
        string? wrong = !method.HasReference()
            ? (reference == ReferenceModel.None ? null : $"{method} has none; it is {reference}.")
            : !method.IsReinforced()
                ? (reference != ReferenceModel.None ? null : $"{method} is held to one; it is {reference}.")
            : reference == ReferenceModel.Precomputed ? $"answers of {method} are not there before training; it is {reference}."
            : null;
        wrong ??= reference == ReferenceModel.AdapterOff && !run.IsAdapted
            ? "no adapter is trained that could be switched off." : null;
        if (wrong is not null)
        {
            throw new EstimateException(nameof(run.Reference), wrong);
        }
    }

    private static void AtLeast(long least, long value, string name)
    {
        if (value < least)
        {
            throw new EstimateException(name, $"{N(least)} or more is right; it is {N(value)}.");
        }
    }
}
