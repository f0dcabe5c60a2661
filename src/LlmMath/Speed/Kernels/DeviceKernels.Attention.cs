using LlmMath.Engines.Kernels;

namespace LlmMath.Speed.Kernels;

/// <summary>Attention and recurrences.</summary>
internal sealed partial class DeviceKernels
{
    /// <summary>Seconds of attention of one new token in each of <paramref name="sequences"/>, each over
    /// <paramref name="context"/> cached ones.</summary>
    public double DecodeAttention(in AttentionShape shape, double sequences, double context)
    {
        double keys = Math.Max(1, shape.Window > 0 ? Math.Min(context, shape.Window) : context);
        int variant = Variant(shape);
        return shape.Kind switch
        {
            AttentionKind.Grouped => Floor(
                Table(KernelOperator.Decode, variant).Seconds(sequences * shape.KvHeads, keys, shape.Heads / shape.KvHeads,
                    shape.HeadDim),
                KernelWork.Of(KernelOperator.Decode, shape.CacheBits, 16,
                    [sequences * shape.KvHeads, keys, shape.Heads / shape.KvHeads, shape.HeadDim]), Rate(shape.CacheBits)),
            AttentionKind.Latent => Floor(
                Table(KernelOperator.DecodeLatent, variant).Seconds(1, sequences, keys, shape.Heads),
                KernelWork.Of(KernelOperator.DecodeLatent, shape.CacheBits, 16, [sequences, keys, shape.Heads]),
                Rate(shape.CacheBits)),
            _ => Table(KernelOperator.DecodeSparse, variant)
                .Seconds(sequences, Math.Max(1, context), Math.Max(1, shape.SparseKeys(1, context)), shape.Heads),
        };
    }

    /// <summary>Seconds of attention of <paramref name="tokens"/> new tokens in each of <paramref name="sequences"/>, after
    /// <paramref name="context"/> cached ones each.</summary>
    public double PrefillAttention(in AttentionShape shape, double sequences, double tokens, double context)
    {
        double keys = AverageKeys(tokens, context, shape.Window), heads = sequences * shape.Heads;
        int variant = Variant(shape);
        double cached = sequences * shape.KvHeads * shape.HeadDim * shape.CacheBits / 4
            * Math.Min(context, shape.Window > 0 ? shape.Window : context);
        return shape.Kind switch
        {
            AttentionKind.Grouped => Floor(
                Table(KernelOperator.Prefill, variant).Seconds(heads, tokens, keys, shape.HeadDim),
                KernelWork.Of(KernelOperator.Prefill, shape.CacheBits, 16, [heads, tokens, keys, shape.HeadDim])
                    with { Bytes = (heads * tokens * shape.HeadDim * 4) + cached }, Rate(shape.CacheBits)),
            AttentionKind.Latent => Floor(
                Table(KernelOperator.PrefillLatent, variant).Seconds(1, heads, tokens, keys),
                KernelWork.Of(KernelOperator.PrefillLatent, shape.CacheBits, 16, [heads, tokens, keys]), Rate(shape.CacheBits)),
            _ => Table(KernelOperator.PrefillSparse, variant).Seconds(sequences * tokens, context + ((tokens + 1) / 2),
                Math.Max(1, shape.SparseKeys(tokens, context)), shape.Heads),
        };
    }

    /// <summary>Seconds that the launch takes of a timing of <see cref="DecodeAttention"/>.</summary>
    public double DecodeLaunch(in AttentionShape shape) => Launch(OperatorsOf(shape.Kind).Decode, Variant(shape));

    /// <summary>The same of <see cref="PrefillAttention"/>.</summary>
    public double PrefillLaunch(in AttentionShape shape) => Launch(OperatorsOf(shape.Kind).Prefill, Variant(shape));

    /// <summary>The operators of a kind of attention.</summary>
    public static (KernelOperator Decode, KernelOperator Prefill) OperatorsOf(AttentionKind kind) => kind switch
    {
        AttentionKind.Grouped => (KernelOperator.Decode, KernelOperator.Prefill),
        AttentionKind.Latent => (KernelOperator.DecodeLatent, KernelOperator.PrefillLatent),
        _ => (KernelOperator.DecodeSparse, KernelOperator.PrefillSparse),
    };

    /// <summary>Seconds of a recurrent layer: one token a sequence is decoding, more are prefill. The short convolution is
    /// included, projections are not.</summary>
    public double Recurrent(in RecurrentShape shape, double sequences, double tokens)
    {
        KernelOperator kind = tokens > 1 ? KernelOperator.PrefillRecurrent : KernelOperator.DecodeRecurrent;
        KernelTable rule = Table(kind, (int)shape.Kind), convolution = Table(kind, (int)shape.Kind + 3);
        double alike = shape.Heads * shape.HeadDim * shape.StateDim / (128 * 128);
        return tokens > 1
            ? rule.Seconds(1, sequences, tokens, alike) + convolution.Seconds(1, sequences, tokens, shape.Channels / 128)
            : rule.Seconds(1, 1, sequences, alike) + convolution.Seconds(1, 1, sequences, shape.Channels / 128);
    }

    /// <summary>Seconds of mixing residual streams before and after both parts of a layer, on each GPU for all tokens.</summary>
    /// <param name="tokens">Tokens.</param>
    /// <param name="width">Elements of all streams.</param>
    public double Streams(double tokens, double width) => Table(KernelOperator.Streams, 0).Seconds(1, 1, tokens, width);

    /// <summary>Keys that a query sees on average: <c>context + (tokens + 1) ÷ 2</c>, or of a window what is in it: query i
    /// of
    /// tokens sees <c>min(window, context + i)</c>.</summary>
    public static double AverageKeys(double tokens, double context, double window)
    {
        if (window <= 0 || context + tokens <= window)
        {
            return context + ((tokens + 1) / 2);
        }

        double rising = Math.Max(0, window - context);
        return ((rising * (context + ((rising + 1) / 2))) + ((tokens - rising) * window)) / tokens;
    }

    /// <summary>The number of a variant of attention, for <see cref="Rests"/>.</summary>
    public static int Variant(in AttentionShape shape) => shape.Kind >= AttentionKind.Dsa
        ? KernelVariants.Sparse(shape.Kind)
        : (shape.CacheBits == 8 ? 1 : 0)
            + (shape.Window > 0 && shape.Kind == AttentionKind.Grouped ? KernelVariants.Windowed : 0);

    private double Rate(int cacheBits) => Rate(cacheBits == 8 ? KernelFormat.Fp8 : KernelFormat.Bf16);
}
