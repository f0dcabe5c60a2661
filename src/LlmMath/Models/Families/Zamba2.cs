using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Interchange;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Zamba 2: a Mamba-2 mixer at every layer; before it, hybrid layers run one of a few transformer blocks that they share, over
/// the hidden state and the embedding side by side, with low-rank adapters of their own.
/// Source: huggingface/transformers, src/transformers/models/zamba2/configuration_zamba2.py, commit 02f58079962e, and
/// modular_zamba2.py, commit 00511f5df3b6.
/// </summary>
internal static class Zamba2
{
    private static readonly int[] DefaultHybrids = [6, 12, 18, 24, 30, 36, 42, 47, 51];

    public static Architecture Build(ConfigReader c)
    {
        long hidden = c.Size("hidden_size", 2560), heads = c.Size("num_attention_heads", 32);
        GroupedQueryAttention attention = c.GroupedQuery(2 * hidden, heads, c.KeyValueHeads(heads), "num_attention_heads");
        var feedForward = new GatedFeedForward(hidden, c.Size("intermediate_size", 4 * hidden));
        Mamba2Mixer mamba = Mixer(c, hidden);
        bool bias = c.Flag("add_bias_linear", false), attentionAdapters = c.Flag("use_shared_attention_adapter", false);
        long rank = c.Size("adapter_rank", 128);

        int layers = c.Layers("num_hidden_layers", 54);
        List<int> hybrids = Hybrids(c, layers);
        int blocks = (int)Math.Min(c.Size("num_mem_blocks", 1), Math.Max(1, hybrids.Count));
        (bool IsHybrid, int Block, bool IsFirst) Kind(int layer) => hybrids.BinarySearch(layer) is >= 0 and var use
            ? (true, use % blocks, use < blocks)
            : (false, 0, false);

        Architecture architecture = Decoder.Of(c, "zamba2", c.Size("vocab_size", 32000), hidden,
            Decoder.ByKind(layers, Kind, kind => kind.IsHybrid
                ? new BlockParts([attention, mamba], [feedForward],
                [
                    .. kind.IsFirst ? Under("shared_transformer.", Adapted(kind.Block)) : Again(hybrids[kind.Block]),
                    .. Linear("linear", hidden, hidden, TensorRole.Projection, MatrixKind.Other),
                    .. Under("mamba_decoder.", Recurrent()),
                ])
                : new BlockParts([mamba], [], Recurrent())),
            tied: c.Flag("tie_word_embeddings", true),
            finalNorm: Norm("model.final_layernorm", hidden));
        return architecture with
        {
            ContextLength = c.Flag("use_long_context", false) ? 16384 : c.Size("max_position_embeddings", 4096),
        };

        IEnumerable<Tensor> Recurrent() =>
        [
            .. Norm("input_layernorm", hidden),
            .. mamba.Tensors("mamba.", convolutionBias: true, inputBias: bias, outputBias: bias),
        ];

        // A block as its first layer stores it, with the adapters of all the layers that run it.
        IEnumerable<Tensor> Adapted(int block) =>
        [
            .. Shared(attention, feedForward, bias),
            .. Enumerable.Range(0, (hybrids.Count - block + blocks - 1) / blocks)
                .SelectMany(round => Adapters(attention, feedForward, (round * blocks) + block, rank, attentionAdapters)),
        ];

        // The same block in a later layer.
        IEnumerable<Tensor> Again(int firstLayer) => Under("shared_transformer.", Shared(attention, feedForward, bias))
            .Select(tensor => tensor with { TiedTo = $"model.layers.{firstLayer}.{tensor.Name}" });
    }

    private static Mamba2Mixer Mixer(ConfigReader c, long hidden)
    {
        long inner = c.Size("mamba_expand", 2) * hidden, heads = c.Size("n_mamba_heads", 8);
        if (c.SizeOrNull("mamba_headdim") is { } headDim && heads * headDim != inner)
        {
            throw c.Invalid("n_mamba_heads",
                $"must be mamba_expand × hidden_size ÷ mamba_headdim = {inner} ÷ {headDim}; it is {heads}.");
        }

        return new()
        {
            HiddenSize = hidden,
            Heads = heads,
            HeadDim = c.Divide(inner, heads, "n_mamba_heads"),
            StateSize = c.Size("mamba_d_state", 64),
            Groups = c.Size("mamba_ngroups", 1),
            ConvolutionKernel = c.Size("mamba_d_conv", 4),
        };
    }

    private static IEnumerable<Tensor> Shared(GroupedQueryAttention a, GatedFeedForward f, bool bias) =>
    [
        .. Norm("input_layernorm", a.HiddenSize),
        .. Linear("self_attn.q_proj", a.HiddenSize, a.QuerySize, TensorRole.Attention, MatrixKind.Query),
        .. Linear("self_attn.k_proj", a.HiddenSize, a.KeySize, TensorRole.Attention, MatrixKind.Key),
        .. Linear("self_attn.v_proj", a.HiddenSize, a.ValueSize, TensorRole.Attention, MatrixKind.Value),
        .. Linear("self_attn.o_proj", a.OutputSize, f.HiddenSize, TensorRole.Attention, MatrixKind.AttentionOutput),
        .. Norm("pre_ff_layernorm", f.HiddenSize),
        .. f.Fused("feed_forward.", bias: bias),
    ];

    private static IEnumerable<Tensor> Adapters(GroupedQueryAttention a, GatedFeedForward f, int use, long rank,
        bool onAttention) =>
    [
        .. onAttention
            ? (IEnumerable<Tensor>)
            [
                .. Adapter($"self_attn.linear_q_adapter_list.{use}", a.HiddenSize, rank, a.HiddenSize,
                    TensorRole.Attention, MatrixKind.Other),
                .. Adapter($"self_attn.linear_k_adapter_list.{use}", a.HiddenSize, rank, a.HiddenSize,
                    TensorRole.Attention, MatrixKind.Other),
                .. Adapter($"self_attn.linear_v_adapter_list.{use}", a.HiddenSize, rank, a.HiddenSize,
                    TensorRole.Attention, MatrixKind.Other),
            ]
            : [],
        .. Adapter($"feed_forward.gate_up_proj_adapter_list.{use}", f.HiddenSize, rank, 2 * f.IntermediateSize,
            TensorRole.FeedForward, MatrixKind.Up),
    ];

    private static IEnumerable<Tensor> Adapter(string name, long inputs, long rank, long outputs, TensorRole role,
        MatrixKind kind) =>
        [.. Linear(name + ".0", inputs, rank, role, kind), .. Linear(name + ".1", rank, outputs, role, kind)];

    /// <summary>The hybrid layers, ascending. The reference's default list is for 54 layers.</summary>
    private static List<int> Hybrids(ConfigReader c, int layers)
    {
        if (c.AttendingLayers("layers_block_type", layers, "hybrid", "mamba") is { } isHybrid)
        {
            return [.. Enumerable.Range(0, layers).Where(isHybrid)];
        }

        return layers == 54
            ? [.. DefaultHybrids]
            : throw c.Missing("layers_block_type", $"\"hybrid\" or \"mamba\" for each of the {(ConfigValue)layers} layers");
    }
}
