using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Placement.Shards;
using LlmMath.Placement.Weights;

namespace LlmMath.Placement.Work;

/// <summary>
/// What one forward pass of a model has to do, folded once over its tensors: bytes that must be read and matrix elements that
/// each token is multiplied by, by the width of their number format, the experts apart. An estimate is arithmetic on these few
/// sums, whatever the model's depth.
/// </summary>
internal sealed class ModelWork
{
    private ModelWork(Architecture a, WeightFormat format)
    {
        (Format, HiddenSize, ContextLength) = (format, a.HiddenSize, a.ContextLength);
        Traits = ModelTraits.Of(a, format);
        var facts = QuantizerPlaces.FactsOf(a);
        var experts = new List<ExpertWork>();
        var mixers = new List<MixerLayers>();
        MatrixWork blocks = default, head = default;
        foreach (Block block in a.Blocks)
        {
            if (block.IsEncoder)
            {
                continue;
            }

            int layers = block.Layers.Count;
            Layers += layers;
            int packed = 0, mixtures = experts.Count;
            foreach (Tensor tensor in block.Tensors)
            {
                // Norms of heads and of ranks are fused with the products beside them.
                Norms += tensor.Role == TensorRole.Norm && tensor.Elements == HiddenSize ? layers : 0;
                ProjectionNorms += tensor.Role == TensorRole.Norm && block.Mixers.Any(mixer => IsOfKeys(mixer, tensor))
                    ? layers : 0;
                TensorStorage stored = WeightFold.Stored(a, block, tensor, format, Shard.Whole, facts);
                packed = Math.Max(packed, tensor.Kind == MatrixKind.None ? 0 : stored.EightLayers + stored.FourLayers);
                if (tensor.Role == TensorRole.Expert)
                {
                    AddExperts(experts, mixtures, tensor, stored);
                }
                else
                {
                    blocks = blocks.With(tensor, stored, layers / stored.Layers);
                }
            }

            if (block.Streams > 0)
            {
                (StreamLayers, Streams) = (StreamLayers + layers, block.Streams);
            }

            PackedLayers += packed;
            MixtureLayers += experts.Count > mixtures ? layers : 0;

            foreach (SequenceMixer mixer in block.Mixers)
            {
                mixers.Add(new(layers, mixer.Cache, mixer.Work, mixer.Kernel));
            }
        }

        foreach (Tensor tensor in a.Outputs)
        {
            head = head.With(tensor, TensorStorage.Of(format.Encode(QuantizerPlaces.Of(tensor, 0, 0, facts)), tensor, 1), 1);
        }

        (Blocks, Head, Experts, Mixers) = (blocks, head, [.. experts], [.. mixers]);
    }

    // Of all key heads together; where that is as wide as the residual stream, its norms are not told from those.
    private bool IsOfKeys(SequenceMixer mixer, Tensor norm) => norm.Elements != HiddenSize
        && mixer.Attended.Keys == norm.Elements && mixer.Work.ReadHeads > 1;

    // A block may have several mixtures, as text and images have in ERNIE's: each with its own number of experts, and of those
    // that a token uses.
    private static void AddExperts(List<ExpertWork> experts, int ofBlock, Tensor tensor, in TensorStorage stored)
    {
        long all = tensor.Experts ?? 1, active = tensor.ActiveExperts ?? all;
        int at = experts.FindIndex(ofBlock, mixture => mixture.Experts == all && mixture.Active == active);
        if (at < 0)
        {
            at = experts.Count;
            experts.Add(default);
        }

        experts[at] = experts[at].With(tensor, stored);
    }

    private ModelWork(ModelWork whole, in WorkShare share)
    {
        (Format, HiddenSize, ContextLength) = (whole.Format, whole.HiddenSize, whole.ContextLength);
        Traits = whole.Traits;
        (Layers, MixtureLayers) = (share.Layers, share.MixtureLayers);
        double of = whole.Layers == 0 ? 0 : (double)share.Layers / whole.Layers;
        (PackedLayers, Norms) = ((int)(whole.PackedLayers * of), (int)(whole.Norms * of));
        ProjectionNorms = (int)(whole.ProjectionNorms * of);
        (StreamLayers, Streams) = ((int)(whole.StreamLayers * of), whole.Streams);
        (Blocks, Head, Experts, Mixers) = (share.Blocks, share.Head, share.Experts, share.Mixers);
    }

    public WeightFormat Format { get; }

    /// <summary>What decides which kernels run it.</summary>
    public ModelTraits Traits { get; }

    /// <summary>Layers of the decoder.</summary>
    public int Layers { get; }

    /// <summary>Layers with a mixture of experts.</summary>
    public int MixtureLayers { get; }

    /// <summary>Layers with weights of 10 bits or less.</summary>
    public int PackedLayers { get; }

    /// <summary>Normalizations of the residual stream over all layers.</summary>
    public int Norms { get; }

    /// <summary>Layers whose queries and keys are normalized over all heads at once: GPUs that share the heads sum over all of
    /// them first.</summary>
    public int ProjectionNorms { get; }

    /// <summary>Layers around whose parts several residual streams are mixed.</summary>
    public int StreamLayers { get; }

    /// <summary>Those streams.</summary>
    public long Streams { get; }

    /// <summary>Width of the residual stream.</summary>
    public long HiddenSize { get; }

    /// <summary>Tokens the model was made for; null where its config does not say.</summary>
    public long? ContextLength { get; }

    /// <summary>Everything in the blocks but routed experts.</summary>
    public MatrixWork Blocks { get; }

    /// <summary>What stands after the blocks: only a sequence's last token passes it.</summary>
    public MatrixWork Head { get; }

    /// <summary>Routed experts by kind of block.</summary>
    public ExpertWork[] Experts { get; }

    /// <summary>Attention and recurrent state by kind of block.</summary>
    public MixerLayers[] Mixers { get; }

    /// <summary>Layers for which engines charge an overhead.</summary>
    public int LayersWith(MixerOverhead overhead)
    {
        int layers = 0;
        foreach (ref readonly MixerLayers mixer in Mixers.AsSpan())
        {
            layers += (mixer.Work.Overhead & overhead) != 0 ? mixer.Layers : 0;
        }

        return layers;
    }

    /// <summary>Layers that an engine was not measured with, beyond those whose kernels were timed by themselves.</summary>
    /// <param name="hasKernels">Whether the engine's kernels were timed.</param>
    public int UnknownLayers(bool hasKernels)
    {
        int layers = 0;
        foreach (ref readonly MixerLayers mixer in Mixers.AsSpan())
        {
            bool isUnmeasured = (mixer.Work.Overhead & MixerOverhead.Unmeasured) != 0;
            layers += isUnmeasured && !(hasKernels && mixer.Kernel.IsKnownAlone) ? mixer.Layers : 0;
        }

        return layers;
    }

    /// <summary>Folds an architecture.</summary>
    public static ModelWork Of(Architecture architecture, WeightFormat format) => new(architecture, format);

    /// <summary>A part of it.</summary>
    public ModelWork Part(in WorkShare share) => new(this, share);

    /// <summary>The same where layers with a window attend to the whole context.</summary>
    public ModelWork BeyondWindows() => new(this, new WorkShare(Layers, MixtureLayers, Blocks, Head, Experts,
        [.. Mixers.Select(mixer => mixer with { Work = mixer.Work with { PairLimit = null } })]));

    /// <summary>The same with its bytes times a factor.</summary>
    public ModelWork Stored(double factor) => new(this, new WorkShare(Layers, MixtureLayers, Blocks.Stored(factor),
        Head.Stored(factor), [.. Experts.Select(each => each with { Each = each.Each.Stored(factor) })], Mixers));
}

/// <summary>A part of a model's work.</summary>
/// <param name="Layers">Layers that have any of it.</param>
/// <param name="MixtureLayers">Layers with experts in it.</param>
/// <param name="Blocks">Matrices in the blocks but routed experts.</param>
/// <param name="Head">What stands after the blocks.</param>
/// <param name="Experts">Routed experts.</param>
/// <param name="Mixers">Attention and states.</param>
internal readonly record struct WorkShare(int Layers, int MixtureLayers, MatrixWork Blocks, MatrixWork Head, ExpertWork[] Experts,
    MixerLayers[] Mixers);
