using LlmMath.Basics;
using LlmMath.Training.Activations;
using static LlmMath.Basics.NumberText;

namespace LlmMath.Training.Memory;

/// <summary>Writes the working of a run's memory.</summary>
internal static class MemoryWorking
{
    public static ValueList<DerivationLine> Of(PlacedRun run, in MomentSum peak)
    {
        var lines = new List<DerivationLine>();
        long total = 0;
        PlacedStage stage = run.Stages[peak.Stage];
        void Add(string term, string formula, long value)
        {
            if (value != 0)
            {
                total = checked(total + value);
                lines.Add(new(term, formula, value, total));
            }
        }

        string shared = Shared(run);
        StateRecipe recipe = run.Recipe;
        bool all = run.Adapted is null;
        long saved = StateFold.Saved(run, stage.Shard);
        string Trained(int bytes) => all ? $"{N(stage.Trained)} × {N(bytes)} bytes{shared}"
            : $"{N(stage.Trained - saved)} × {N(run.Trainer.AdapterBytes)} bytes"
                + (saved > 0 ? $" + {N(saved)} × {N(run.Rules.Bytes)} bytes{shared}" : shared);
        Add("frozen weights", $"in {run.On.Weights}{shared}", peak.Weights);
        Add("trained parameters", Trained(recipe.ParameterBytes), peak.Parameters);
        Add("gradients", Trained(recipe.GradientBytes), peak.Gradients);
        Add("optimizer's copies", $"{N(stage.Trained)} × {N(recipe.MasterBytes + recipe.MainGradientBytes)} bytes{shared}",
            peak.Copies);
        Add("optimizer's moments", $"{run.Run.Optimizer} of {N(stage.Trained)}{shared}", peak.Moments);
        Add("copies for the pass", $"matrices × {N(recipe.CopyBytes)} bytes", peak.PassCopies);
        Add("activations", Activations(run, stage), peak.Activations);
        Add("logits and loss", $"{Short(run.Tokens)} tokens × {N(run.Architecture.VocabularySize)} logits × "
            + $"{Short(run.Rules.LogitBytes)} bytes ÷ {N(run.On.Placement.Tensor)}, and the last hidden state, {run.Run.Loss}",
            peak.Logits);
        Add("gathered layers", "the layer at work and the next, and gradients of one", peak.Gathered);
        Add("temporaries", $"of {peak.Moment}", peak.Temporaries);
        Add("workspace", "of matrix products", peak.Workspace);
        RoleBytes beside = peak.Beside;
        Add("reference model", $"a frozen copy in {run.On.Weights}{shared}", beside.Reference);
        Add("critic", "its weights, and the state of its training", beside.Critic);
        Add("reward model", "in 16 bits", beside.Reward);
        Add("policy", "its weights, and the state of its training", beside.Policy);
        Add("rollout engine", run.Run.Rollout is { } rollout ? $"{Short(rollout.EngineShare)} of the GPU awake, "
            + $"{rollout.Sleep} while it trains" : "", beside.Engine);
        return [.. lines];
    }

    private static string Shared(PlacedRun run) => run.On.Placement.Sharding == Sharding.None ? ""
        : $", shared out by {run.On.Placement.Sharding} among {N(run.On.Placement.ShardingDegree)}";

    private static string Activations(PlacedRun run, PlacedStage stage) =>
        $"{Short(run.Tokens)} tokens × (" + string.Join(" + ", stage.Layers.Select(layer =>
            run.Run.Recomputation is Recomputation.Full or Recomputation.ByOperator
                ? $"{N(layer.Layers)} layers × "
                    + N(run.Run.Recomputation == Recomputation.Full ? layer.Kept.Input : layer.Kept.ByOperator)
                : $"{N(layer.Layers)} layers × ({N(layer.Kept.Whole)} + {N(layer.Kept.Divided)} ÷ {N(run.On.Placement.Tensor)}"
                    + (layer.Kept.ScoreHeads > 0 && run.Run.Recomputation == Recomputation.None
                        ? $" + {N(layer.Kept.ScoreHeads)} heads × {N(run.Run.SequenceLength)} keys × "
                            + $"{Short(run.Rules.ScoreBytes)} ÷ {N(run.On.Placement.Tensor)}" : "") + ")"))
        + ") bytes, of all micro-batches in flight";
}
