using LlmMath.Training;

namespace LlmMath.Planning;

/// <summary>A way to train a model for a task.</summary>
/// <param name="Name">Its name: <c>lora</c>.</param>
/// <param name="Does">What it does, in words.</param>
/// <param name="Run">The run; null where the model was made for shorter sequences.</param>
/// <param name="Trainer">The trainer.</param>
/// <param name="Weights">Format of the weights that it works on.</param>
internal sealed record StrategyRun(string Name, string Does, TrainingRun? Run, string Trainer, WeightFormat Weights)
{
    // Sequences of 2,048 tokens into which examples are packed, 16 of them a step: what people usually take. A choice.
    private const long Packed = 2048;

    private const int Batch = 16;

    // Answers to each prompt of GRPO: the default of TRL's num_generations, as in Rollout.Group.
    private const int Group = 8;

    /// <summary>Every way.</summary>
    public static StrategyRun[] All(ModelDefinition model, StrategyTask task)
    {
        LoraSpec adapter = LoraSpec.AllLinear(task.Rank);
        long context = model.Architecture.ContextLength ?? long.MaxValue;
        var packed = new TrainingRun(TrainingMethod.Full, task.TrainingTokens)
        {
            GlobalBatch = Batch, SequenceLength = Math.Max(task.TokensPerExample, Math.Min(Packed, context)),
        };
        return
        [
            new("lora", $"an adapter of rank {task.Rank} of every linear layer",
                packed with { Method = TrainingMethod.Lora, Adapter = adapter }, "hf-peft", WeightFormat.Bf16),
            new("qlora", $"an adapter of rank {task.Rank} over weights in nf4",
                packed with { Method = TrainingMethod.QLora, Adapter = adapter }, "hf-peft", WeightFormat.Nf4),
            new("full", "all parameters", packed, "torchtitan", WeightFormat.Bf16),
            // Pairs of a chosen and a rejected answer, each as long as an example.
            new("dpo", $"an adapter of rank {task.Rank} by pairs of a better and a worse answer",
                packed with
                {
                    Method = TrainingMethod.Dpo, Adapter = adapter, SequenceLength = task.TokensPerExample,
                    Tokens = 2 * task.TrainingTokens,
                }, "hf-peft", WeightFormat.Bf16),
            new("grpo", $"an adapter of rank {task.Rank} by {Group} answers to each prompt and their rewards",
                Reinforced(task, adapter, context), "hf-peft", WeightFormat.Bf16),
        ];
    }

    // Answers as long as those that are served, cut at four times that or at what the model was made for.
    private static TrainingRun? Reinforced(StrategyTask task, LoraSpec adapter, long context)
    {
        long room = context - task.PromptTokens;
        if (room < task.OutputTokens)
        {
            return null;
        }

        long limit = Math.Min(new TokenLengths(task.OutputTokens).Limit, room);
        var rollout = new Rollout(TokenLengths.Fixed(task.PromptTokens), new(task.OutputTokens, limit: limit)) { Group = Group };
        double tokens = Math.Ceiling(task.Examples * task.Epochs) * Group * (task.PromptTokens + task.OutputTokens);
        return new(TrainingMethod.Grpo, (long)Math.Min(tokens, 1e18))
        {
            Adapter = adapter, Rollout = rollout, SequenceLength = rollout.Longest, GlobalBatch = Batch,
        };
    }
}
