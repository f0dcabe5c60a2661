namespace LlmMath.Training.Methods;

/// <summary>What a method asks of a model.</summary>
internal static class MethodFacts
{
    /// <summary>Whether an example is a chosen and a rejected sequence, passed together. Source: huggingface/trl@f2cd57710,
    /// trl/trainer/dpo_trainer.py, <c>_compute_loss</c>; experimental/orpo/orpo_trainer.py, <c>concatenated_forward</c>;
    /// reward_trainer.py.</summary>
    public static bool IsPaired(this TrainingMethod method) => method is TrainingMethod.Dpo or TrainingMethod.Ipo
        or TrainingMethod.Orpo or TrainingMethod.SimPo or TrainingMethod.Reward;

    /// <summary>Whether the loss holds the policy to a reference.</summary>
    public static bool HasReference(this TrainingMethod method) => method is TrainingMethod.Dpo or TrainingMethod.Ipo
        or TrainingMethod.Kto or TrainingMethod.Ppo or TrainingMethod.Grpo;

    /// <summary>Whether it trains on answers that the policy itself writes.</summary>
    public static bool IsReinforced(this TrainingMethod method) => method is TrainingMethod.Ppo or TrainingMethod.Grpo;

    /// <summary>Whether it is one of preference or reinforcement learning: all parameters or an adapter.</summary>
    public static bool AdaptsOrNot(this TrainingMethod method) => method >= TrainingMethod.Dpo;

    /// <summary>Sequences of an example that are passed forward and back together.</summary>
    public static int Sequences(this TrainingMethod method) => method.IsPaired() ? 2 : 1;

    /// <summary>Sequences that the reference passes forward for one that is trained on: with KTO the mismatched one too. Source:
    /// huggingface/trl@f2cd57710, trl/trainer/kto_trainer.py, <c>_compute_loss</c> and <c>compute_ref_log_probs</c>.</summary>
    public static int ReferencePasses(this TrainingMethod method) => method == TrainingMethod.Kto ? 2 : 1;

    /// <summary>Sequences that the policy passes forward without a way back, for one that is trained on.</summary>
    public static int MismatchedPasses(this TrainingMethod method) => method == TrainingMethod.Kto ? 1 : 0;

    /// <summary>Where a run's reference comes from.</summary>
    public static ReferenceModel ReferenceOf(TrainingRun run) => run.Reference
        ?? (!run.Method.HasReference() ? ReferenceModel.None
            : run.IsAdapted ? ReferenceModel.AdapterOff : ReferenceModel.Kept);

    // TRL's num_generations. Source: huggingface/trl@f2cd57710, trl/trainer/grpo_config.py.
    private const int UsualGroup = 8;

    /// <summary>Answers to each prompt.</summary>
    public static int GroupOf(TrainingRun run) =>
        run.Rollout?.Group ?? (run.Method == TrainingMethod.Grpo ? UsualGroup : 1);
}

/// <summary>What passes a model.</summary>
/// <param name="Sequences">Sequences of an example.</param>
/// <param name="Scores">Whether one score stands in place of the vocabulary.</param>
internal readonly record struct PassShape(int Sequences, bool Scores);
