using LlmMath.Training.Methods;

namespace LlmMath.Training.Memory;

/// <summary>The fullest moment of each phase of a step on one GPU of a stage; those that a method has not are empty.</summary>
internal readonly record struct PhasePeaks
{
    public MomentSum Update { get; init; }

    public MomentSum Rollout { get; init; }

    public MomentSum PolicyPass { get; init; }

    public MomentSum ReferencePass { get; init; }

    public MomentSum ScorePass { get; init; }

    public MomentSum CriticUpdate { get; init; }

    /// <summary>The fullest of all.</summary>
    public MomentSum Worst => MomentSum.Fuller(
        MomentSum.Fuller(MomentSum.Fuller(Update, Rollout), MomentSum.Fuller(PolicyPass, ReferencePass)),
        MomentSum.Fuller(ScorePass, CriticUpdate));

    /// <summary>
    /// Of each phase what rests, what works, and what the engine holds then. What every phase has: the policy's weights and
    /// state, the critic's, the frozen models. Source of the phases: github:volcengine/verl@b178a3cd5,
    /// verl/trainer/ppo/ray_trainer.py, <c>fit</c>: gen, old_log_prob, ref, values, reward, update_critic, update_actor.
    /// </summary>
    public static PhasePeaks Of(PlacedRun run, PlacedStage stage)
    {
        if (run.Roles is not { } roles)
        {
            return new() { Update = new StageMemory(run, stage).Peak() };
        }

        PlacedStage? critic = roles.Critic?.Stages[stage.Number];
        long reward = roles.RewardBytes(run, stage.Number);
        MomentSum rest = critic is null ? default : new StageMemory(roles.Critic!, critic).Resting(TrainingMoment.Rollout);
        RoleBytes asleep = stage.Beside with { Reward = reward, Critic = rest.Total, Engine = roles.Asleep };
        var policy = new StageMemory(run, stage, asleep);
        MomentSum resting = policy.Resting(TrainingMoment.Rollout);
        MomentSum passing = policy.Passing(TrainingMoment.PolicyPass);
        var peaks = new PhasePeaks
        {
            Update = policy.Peak(),
            Rollout = resting with { Beside = asleep with { Engine = Math.Max(roles.Awake, roles.Asleep) } },
            PolicyPass = run.Run.Rollout!.Mode == RolloutMode.Asynchronous ? default : passing,
            ReferencePass = MethodFacts.ReferenceOf(run.Run) is ReferenceModel.None or ReferenceModel.Precomputed ? default
                : passing with { Moment = TrainingMoment.ReferencePass },
        };
        if (critic is null)
        {
            return reward == 0 ? peaks : peaks with { ScorePass = Scoring(passing) };
        }

        var value = new StageMemory(roles.Critic!, critic, asleep with
        {
            Critic = 0,
            Policy = resting.Total - asleep.Total,
        });
        return peaks with { ScorePass = value.Passing(TrainingMoment.ScorePass), CriticUpdate = OfCritic(value.Peak()) };
    }

    // A model that scores passes as the policy does, without logits.
    private static MomentSum Scoring(in MomentSum passing) => passing with { Moment = TrainingMoment.ScorePass, Logits = 0 };

    private static MomentSum OfCritic(in MomentSum peak) => peak with { Moment = TrainingMoment.CriticUpdate };
}
