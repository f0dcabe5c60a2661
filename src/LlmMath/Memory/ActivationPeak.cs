using LlmMath.Architectures;
using LlmMath.Engines;
using LlmMath.Formats;
using LlmMath.Placement;
using LlmMath.Placement.Shards;
using static LlmMath.Basics.NumberText;

namespace LlmMath.Memory;

/// <summary>
/// max(attention, feed-forward, logits, loading) + copies on one GPU, with t tokens a pass, of which each attends to c:
/// attention = t × (h × hidden + m × c + s × heads × c ÷ TP),
/// feed-forward = t × (h × hidden + m × c + (i × widest intermediate + e × active experts' intermediate) ÷ TP),
/// logits = t × h′ × hidden + rows × vocabulary × l,
/// loading = the projections held twice while they are fused, and one layer's experts twice more while they are stacked,
/// copies = dequantized copies of matrices, the largest matrix that lies in system memory, and where a pipeline overlaps
/// passes further copies of its inputs.
/// h, h′, i, e, s, m and l are the engine's bytes an element. A model of what is alive at once, not of an allocator.
/// </summary>
internal readonly struct ActivationPeak
{
    private readonly PlacedModel _on;
    private readonly Stage _stage;
    private readonly BufferPolicy _buffers;
    private readonly double _tokens, _attended, _rows, _layer, _attention, _feedForward, _logits, _loading, _inputs;
    private readonly int _passes;
    private readonly long _copies;

    /// <summary>Of a stage whose engine states its buffers.</summary>
    /// <param name="on">The deployment.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="buffers">The engine's bytes an element.</param>
    /// <param name="tokens">Tokens of a pass.</param>
    /// <param name="attended">Tokens that each of them attends to.</param>
    /// <param name="rows">Tokens whose logits are kept.</param>
    /// <param name="passes">Passes whose inputs a pipeline holds, 1 or more.</param>
    public ActivationPeak(
        PlacedModel on, in Stage stage, BufferPolicy buffers, double tokens, double attended, double rows, int passes)
    {
        (_on, _stage, _buffers, _tokens, _attended, _rows, _passes) = (on, stage, buffers, tokens, attended, rows, passes);
        Architecture a = on.Architecture;
        (long heads, long intermediate, long expert) = on.Whole.Widest;
        double degree = stage.Shard.TensorDegree;
        _layer = tokens * ((buffers.HiddenBytes * a.HiddenSize) + (buffers.MaskBytes * attended));
        _attention = buffers.ScoreBytes * heads / degree * tokens * attended;
        _feedForward = tokens * ((buffers.IntermediateBytes * intermediate) + (buffers.ExpertBytes * expert)) / degree;
        _logits = stage.Shard.HasOutputs
            ? (tokens * LogitHiddenBytes * a.HiddenSize) + (rows * a.VocabularySize * buffers.LogitBytes)
            : 0;
        _loading = stage.Projections + (2 * stage.StackedExperts);
        _inputs = (passes - 1) * tokens * ((4 * a.HiddenSize) + (4 * attended));
        _copies = checked(Copies(on, on.Engine!.Load, stage.Shard) + on.Copied);
    }

    /// <summary>The sum, rounded down.</summary>
    /// <exception cref="OverflowException">It exceeds 2⁶³ − 1.</exception>
    public long Bytes => checked((long)(Largest + _inputs) + _copies);

    /// <summary>The sum as a formula: of the largest of the moments, and what is held beside it.</summary>
    public string Formula
    {
        get
        {
            Architecture a = _on.Architecture;
            (long heads, long intermediate, long expert) = _on.Whole.Widest;
            string degree = _stage.Shard.TensorDegree is > 1 and var gpus ? $" ÷ {N(gpus)}" : "";
            string mask = _buffers.MaskBytes > 0 ? $" + {Exact(_buffers.MaskBytes)} × {Exact(_attended)} attended" : "";
            string layer = $"{Exact(_buffers.HiddenBytes)} × {N(a.HiddenSize)} hidden{mask}";
            string largest =
                Largest == _loading ? $"{N(_stage.Projections)} bytes + 2 × {N(_stage.StackedExperts)} bytes"
                : Largest == _logits ? $"{Exact(_tokens)} tokens × {Exact(LogitHiddenBytes)} bytes × {N(a.HiddenSize)} hidden + "
                    + $"{Exact(_rows)} rows × {N(a.VocabularySize)} logits × {Exact(_buffers.LogitBytes)} bytes"
                : _attention >= _feedForward ? $"{Exact(_tokens)} tokens × ({layer} + {Exact(_buffers.ScoreBytes)} × "
                    + $"{N(heads)} heads × {Exact(_attended)} scores{degree})"
                : $"{Exact(_tokens)} tokens × ({layer} + ({Exact(_buffers.IntermediateBytes)} × {N(intermediate)} intermediate"
                    + (expert > 0 && _buffers.ExpertBytes > 0
                        ? $" + {Exact(_buffers.ExpertBytes)} × {N(expert)} of experts" : "") + $"){degree})";
            string inputs = _inputs > 0
                ? $" + {N(_passes - 1)} passes × {Exact(_tokens)} tokens × "
                    + $"(4 × {N(a.HiddenSize)} + 4 × {Exact(_attended)})"
                : "";
            string sum = largest + inputs;
            return (Largest + _inputs == Math.Floor(Largest + _inputs) ? sum : $"⌊{sum}⌋")
                + (_copies > 0 ? $" + {N(_copies)} of copies" : "");
        }
    }

    private double LogitHiddenBytes => _buffers.LogitHiddenBytes ?? _buffers.HiddenBytes;

    private double Largest => Math.Max(Math.Max(_layer + Math.Max(_attention, _feedForward), _logits), _loading);

    private static long Copies(PlacedModel on, LoadPolicy load, in Shard shard)
    {
        if ((load.HeadCopies == 0 && load.MatrixCopies == 0) || on.Of.Weights is not LinearWeights)
        {
            return 0;
        }

        long largest = on.Whole.LargestMatrix;
        long head = shard.HasOutputs ? on.Architecture.VocabularySize * on.Architecture.HiddenSize : 0;
        return checked(2 * ((load.MatrixCopies * largest / shard.TensorDegree)
            + (load.HeadCopies * head / (shard.HasWholeVocabulary ? 1 : shard.TensorDegree))));
    }
}
