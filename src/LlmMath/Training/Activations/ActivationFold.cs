using LlmMath.Architectures;
using LlmMath.Formats;

namespace LlmMath.Training.Activations;

/// <summary>The one fold from a block's tensors, mixers and feed-forward layers to what a layer keeps of a token.</summary>
internal static class ActivationFold
{
    // Tensors of a block; of more the inputs that were seen are remembered elsewhere.
    private const int MostOnStack = 64;

    /// <summary>
    /// What one layer keeps. A norm keeps its input. A matrix that is trained keeps its input, once for all that share it; a
    /// frozen one keeps nothing; one with an adapter keeps its input for the adapter, in the adapter's number format where
    /// that has more bits, and rank elements between the pair. Attention keeps queries, keys and values, and its output where no
    /// matrix does; a feed-forward layer what its activation reads, and what gate and up give. Source: Korthikanti et al.,
    /// arXiv:2205.05198, section 4.1, whose 34·s·b·h + 5·a·s²·b this gives for a GPT with dropout.
    /// </summary>
    /// <param name="block">The block.</param>
    /// <param name="hidden">Width of the residual stream.</param>
    /// <param name="rules">What decides.</param>
    /// <exception cref="OverflowException">A size exceeds 2⁶³ − 1.</exception>
    public static LayerKept Of(Block block, long hidden, ActivationRules rules)
    {
        var sum = default(Sums);
        Span<(int Group, long Inputs)> seen = block.Tensors.Count <= MostOnStack ? stackalloc (int, long)[MostOnStack]
            : new (int, long)[block.Tensors.Count];
        int groups = 0;
        bool keepsOutput = false, hasAttention = block.Mixers.Count > 0;
        int norms = 0;
        foreach (Tensor tensor in block.Tensors)
        {
            if (tensor.Role == TensorRole.Norm)
            {
                norms += AddNorm(ref sum, tensor, block, hidden, rules, isFirst: norms == 0 && hasAttention);
            }
            else if (IsMatrix(tensor))
            {
                sum.Outputs += tensor.Matrices.Outputs * (tensor.Role == TensorRole.Expert ? tensor.ActiveExperts ?? 1 : 1);
                keepsOutput |= AddMatrix(ref sum, seen, ref groups, tensor, rules) && tensor.Kind == MatrixKind.AttentionOutput;
            }
        }

        foreach (SequenceMixer mixer in block.Mixers)
        {
            AddMixer(ref sum, mixer, block, rules, keepsOutput);
        }

        foreach (FeedForward feedForward in block.FeedForwards)
        {
            long inner = feedForward.IntermediateElements, gate = feedForward.GateElements;
            sum.Divide(rules.Bytes * (inner + (rules.Trainer.FusesActivation ? 0 : gate)), false);
            sum.Widest = Math.Max(sum.Widest, inner - gate);
        }

        if (rules.Trainer.HasDropout)
        {
            sum.Hold(hasAttention ? hidden : 0, true);
            sum.Hold(block.FeedForwards.Count > 0 ? hidden : 0, false);
        }

        return new(sum.Whole, sum.Divided, sum.Attention, sum.AttentionDivided, sum.ScoreHeads, rules.Bytes * hidden, sum.Widest,
            checked(rules.Bytes * (hidden + (sum.Outputs / 2) + sum.AttentionOutputs)));
    }

    private static bool IsMatrix(Tensor tensor) => tensor.Kind.IsLinear() || tensor.Kind == MatrixKind.Router;

    // Weight and bias of a norm are two tensors of one module: the bias has nothing of its own to keep.
    private static int AddNorm(ref Sums sum, Tensor tensor, Block block, long hidden, ActivationRules rules, bool isFirst)
    {
        if (tensor.Name.EndsWith(".bias", StringComparison.Ordinal))
        {
            return 0;
        }

        long size = tensor.Shape.Elements;
        if (size >= hidden)
        {
            sum.Hold(checked(rules.NormBytes * size), isFirst);
            return 1;
        }

        // One over each head: queries and keys have one apiece.
        AttendedElements attended = block.Mixers.Count > 0 ? block.Mixers[0].Attended : default;
        sum.Divide(checked(rules.NormBytes * Math.Max(size, (attended.Queries + attended.Keys) / 2)), true);
        return 0;
    }

    // Whether the input is kept.
    private static bool AddMatrix(ref Sums sum, Span<(int Group, long Inputs)> seen, ref int groups, Tensor tensor,
        ActivationRules rules)
    {
        int rank = rules.RankOf(tensor);
        if (!rules.Keeps(tensor, rank))
        {
            return false;
        }

        (int group, bool divided, bool attention) = GroupOf(tensor);
        long inputs = tensor.Matrices.Inputs, times = tensor.Role == TensorRole.Expert ? tensor.ActiveExperts ?? 1 : 1;
        int own = rank > 0 ? rules.OwnInputBytes : 0;
        bool shares = own == 0 || rules.KeepsFrozen, isNew = shares && !seen[..groups].Contains((group, inputs));
        if (isNew)
        {
            seen[groups++] = (group, inputs);
        }

        long bytes = checked((own + (isNew ? rules.Bytes : 0)) * inputs);
        bytes = checked(times * (bytes + ((long)Math.Max(0, rank) * rules.Trainer.AdapterBytes)));
        if (divided)
        {
            sum.Divide(bytes, attention);
        }
        else
        {
            sum.Hold(bytes, attention);
        }

        return shares;
    }

    // Matrices of one group and width read the same input.
    private static (int Group, bool IsDivided, bool IsAttention) GroupOf(Tensor tensor) => (tensor.Kind, tensor.Role) switch
    {
        (_, TensorRole.Expert) => (tensor.Kind == MatrixKind.Down ? 1 : 0, true, false),
        (MatrixKind.Up or MatrixKind.Router, _) => (2, false, false),
        (MatrixKind.Down, TensorRole.SharedExpert) => (3, true, false),
        (MatrixKind.Down, _) => (4, true, false),
        (MatrixKind.AttentionOutput, _) => (5, true, true),
        _ => (6, false, true),
    };

    private static void AddMixer(ref Sums sum, SequenceMixer mixer, Block block, ActivationRules rules, bool keepsOutput)
    {
        AttendedElements a = mixer.Attended;
        if (a == default)
        {
            // A state keeps what its projections give it.
            foreach (Tensor tensor in block.Tensors)
            {
                sum.Divide(tensor.Role == TensorRole.State && IsMatrix(tensor) && tensor.Kind != MatrixKind.AttentionOutput
                    ? checked(rules.Bytes * tensor.Matrices.Outputs) : 0, true);
            }

            return;
        }

        long keys = rules.Trainer.RepeatsKeys ? Math.Max(a.Keys, a.Queries) : a.Keys;
        long values = rules.Trainer.RepeatsKeys ? Math.Max(a.Values, a.Outputs) : a.Values;
        sum.AttentionOutputs += a.Outputs;
        sum.Divide(checked(rules.Bytes * (a.Queries + keys + values)), true);
        if (rules.IsEager)
        {
            sum.ScoreHeads += mixer.Work.ScoreHeads;
        }
        else
        {
            // What came out, and a float32 sum for each head.
            sum.Divide(checked((keepsOutput ? 0 : rules.Bytes * a.Outputs) + (4 * mixer.Work.ScoreHeads)), true);
        }
    }

    private struct Sums
    {
        public long Whole, Divided, Attention, AttentionDivided, ScoreHeads, Widest, Outputs, AttentionOutputs;

        public void Hold(long bytes, bool ofAttention)
        {
            Whole = checked(Whole + bytes);
            Attention += ofAttention ? bytes : 0;
        }

        public void Divide(long bytes, bool ofAttention)
        {
            Divided = checked(Divided + bytes);
            AttentionDivided += ofAttention ? bytes : 0;
        }
    }
}
