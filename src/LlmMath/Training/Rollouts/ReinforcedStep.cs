using LlmMath.Engines;
using LlmMath.Training.Memory;
using LlmMath.Training.Methods;
using LlmMath.Training.Steps;

namespace LlmMath.Training.Rollouts;

/// <summary>The phases of a step of reinforcement learning, in seconds as expected; 0 where a method has none.</summary>
internal readonly record struct ReinforcedStep
{
    /// <summary>Time of writing answers in training ÷ that of serving as many: what loops of training add to the engine
    /// (log-probabilities for each token, waking, resharding, scheduling). Fitted with <see cref="TrainingFactor"/> to 33 steps
    /// of NeMo RL and DeepSpeed-Chat, catalog/evidence/training-rl.csv, by <c>-- training-rl</c>.</summary>
    public const double WritingFactor = 1.8;

    /// <summary>Time of passes and updates ÷ that of training on texts of one length. Fitted as
    /// <see cref="WritingFactor"/>.</summary>
    public const double TrainingFactor = 1.3;

    /// <summary>Measured ÷ estimated time of steps whose model a fit has not seen: the 10th and 90th percentile.</summary>
    public static Spread Spread { get; } = new(0.78, 1.6);

    /// <summary>Answers are written.</summary>
    public double Rollout { get; init; }

    /// <summary>The policy passes them forward, since the engine's log-probabilities differ from the trainer's; asynchronous
    /// answers bring those of the weights that wrote them. Source: volcengine/verl@b178a3cd5,
    /// docs/advance/fully_async.md.</summary>
    public double PolicyPass { get; init; }

    /// <summary>The reference passes them forward.</summary>
    public double ReferencePass { get; init; }

    /// <summary>The critic passes them forward.</summary>
    public double Values { get; init; }

    /// <summary>A model scores them, or a function does.</summary>
    public double Rewards { get; init; }

    /// <summary>The policy is trained on them, epoch by epoch.</summary>
    public double Update { get; init; }

    /// <summary>The critic is.</summary>
    public double CriticUpdate { get; init; }

    /// <summary>The engine gets the new weights.</summary>
    public double Transfer { get; init; }

    /// <summary>Tokens of prompts and answers.</summary>
    public double Tokens { get; init; }

    /// <summary>All but writing and the transfer.</summary>
    public double Training => PolicyPass + ReferencePass + Values + Rewards + Update + CriticUpdate;

    /// <summary>Reckons them. Sequences are packed: a micro-batch is as many tokens as the longest sequences have, whatever the
    /// lengths of those that fill it.</summary>
    public static ReinforcedStep Of(PlacedRun run, Func<PlacedRun, StepLoad, bool, double> secondsOfToken)
    {
        Rollout rollout = run.Run.Rollout!;
        ReinforcedRoles roles = run.Roles!;
        double prompt = rollout.Prompt.Mean, mean = prompt + rollout.Completion.Mean;
        double square = (prompt * prompt) + (2 * prompt * rollout.Completion.Mean) + rollout.Completion.Moment(2);
        double packed = (double)run.Run.MicroBatch * run.Run.SequenceLength, data = run.On.Placement.Data;
        var load = new StepLoad(square / mean, packed, Math.Max(1, run.Updated * mean / (data * packed)));
        double tokens = run.Answers * mean;
        double Seconds(PlacedRun of, bool isPass) =>
            TrainingFactor * tokens * secondsOfToken(of, load, isPass) / run.On.Placement.Gpus;
        double pass = Seconds(run, true);
        return new()
        {
            Tokens = tokens,
            Rollout = WritingFactor * RolloutTime.Of(run),
            PolicyPass = rollout.Mode == RolloutMode.Asynchronous ? 0 : pass,
            ReferencePass = MethodFacts.ReferenceOf(run.Run) == ReferenceModel.None ? 0 : pass,
            Values = roles.Critic is { } critic ? Seconds(critic, true) : 0,
            Rewards = rollout.RewardSeconds + (roles.Reward is { } reward ? Seconds(reward, true) : 0),
            Update = rollout.Epochs * Seconds(run, false),
            CriticUpdate = roles.Critic is { } trained ? rollout.Epochs * Seconds(trained, false) : 0,
            Transfer = TransferOf(run.On, roles.Writer),
        };
    }

    // Each GPU that writes gets the whole model, matrix by matrix, over its link, or over the network where one is stated, and
    // takes its part of each: matrices are gathered whole, whatever divides them. Source: NVIDIA-NeMo/RL@7ea279abf,
    // nemo_rl/models/policy/workers/megatron_policy_worker.py, _iter_params_with_optional_kv_scales.
    private static double TransferOf(Deployment on, Deployment writer)
    {
        double bytes = writer.Model.ParameterCount() * (writer.Weights.ElementBits ?? 16) / 8.0;
        double link = (on.Node.NetworkBytesPerSecond ?? on.Node.LinkBytesPerSecond ?? on.Gpu?.LinkBytesPerSecond ?? 0) / 2;
        return on.Placement.Gpus == 1 || link <= 0 ? bytes / (on.Gpu?.BytesPerSecond / 2 ?? 1e12) : bytes / link;
    }
}
