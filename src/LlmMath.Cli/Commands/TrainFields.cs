namespace LlmMath.Cli.Commands;

/// <summary>The library's names of what training is asked, and the options by which the tool is told.</summary>
internal static class TrainFields
{
    private static readonly Dictionary<string, string> s_options = new(StringComparer.Ordinal)
    {
        ["Adapter.Rank"] = "--rank", ["Adapter.Ranks"] = "--rank-pattern", ["Adapter.TargetModules"] = "--target-modules",
        ["Adapter.TargetParameters"] = "--target-parameters", ["Adapter.ModulesToSave"] = "--modules-to-save",
        ["Engine"] = "--trainer", ["Weights"] = "--weights", ["Products"] = "--precision",
        ["Parallelism.Tensor"] = "--tp", ["Parallelism.Pipeline"] = "--pp", ["Parallelism.Context"] = "--cp",
        ["Placement.Context"] = "--cp", ["Parallelism.Expert"] = "--ep", ["Parallelism.Sharding"] = "--sharding",
        ["Placement.Sharding"] = "--sharding", ["Tokens"] = "--tokens", ["SequenceLength"] = "--seq",
        ["MicroBatch"] = "--micro-batch", ["GlobalBatch"] = "--global-batch", ["Filled"] = "--filled",
        ["EvaluationTokens"] = "--evaluate", ["Rollout.Group"] = "--group", ["Rollout.Prompts"] = "--prompts",
        ["Reference"] = "--reference", ["Interruptions.GpuHoursBetween"] = "--failures",
        ["Interruptions.CheckpointSeconds"] = "--checkpoint",
    };

    /// <summary>An error in the words of the command line, in one line.</summary>
    /// <param name="problem">What the library says.</param>
    public static string Line(Exception problem) =>
        problem is EstimateException error && s_options.TryGetValue(error.Field, out string? option)
            ? SpeedAnswer.InOptions(PlanFields.Said(option, error)).Replace("Zero1", "zero1", StringComparison.Ordinal)
            : problem.Message.Split(" (Parameter")[0];
}
