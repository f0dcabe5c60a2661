using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Interchange;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Nemotron-H: each layer is one thing alone, by a pattern of letters: M a Mamba-2 mixer, * attention, - a feed-forward layer, E
/// a mixture of experts. Feed-forward layers have no gate.
/// Source: huggingface/transformers, src/transformers/models/nemotron_h/configuration_nemotron_h.py, commit 13923c63d59f, and
/// modular_nemotron_h.py, commit 008d9e9577b0; names: ml-explore/mlx-lm, mlx_lm/models/nemotron_h.py, commit d78bf58e217c;
/// multi-token prediction: vllm-project/vllm, vllm/model_executor/models/nemotron_h_mtp.py, commit 01ca27739feb.
/// </summary>
internal static class NemotronH
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("layers_block_type", "layer_types").Alias("head_dim", "attention_head_dim")
            .Alias("n_groups", "mamba_n_groups").Alias("conv_kernel", "mamba_d_conv").Alias("use_conv_bias", "mamba_conv_bias")
            .Alias("n_routed_experts", "num_local_experts");
        long hidden = c.Size("hidden_size", 4096);
        string pattern = Pattern(c, "layers_block_type", "hybrid_override_pattern", "ME*-");

        // What layers of a kind that the pattern lacks would have, and Mamba's sizes by its first words.
        c.Idle("hybrid_override_pattern", "expand", "intermediate_size", "mamba_expand", "time_step_rank")
            .Fixed("mamba_proj_bias", false).Fixed("num_hidden_layers", pattern.Length);
        return Decoder.Of(c, "nemotron_h", c.Size("vocab_size", 131072), hidden,
            Decoder.ByKind(pattern.Length, layer => pattern[layer], letter => Layer(c, hidden, letter),
                "backbone.layers.{layer}."),
            tied: c.Flag("tie_word_embeddings", false),
            embedding: "backbone.embeddings.weight",
            finalNorm: Norm("backbone.norm_f", hidden)) with { Additions = Prediction(c, hidden) };
    }

    private static BlockParts Layer(ConfigReader c, long hidden, char letter)
    {
        BlockParts mixer = letter switch
        {
            'M' => StateSpace(c, hidden),
            '*' => Attention(c),
            '-' => FeedForward(c, hidden),
            _ => Mixture(c, hidden),
        };
        return mixer with { Tensors = [.. Norm("norm", hidden), .. Under("mixer.", mixer.Tensors)] };
    }

    private static BlockParts StateSpace(ConfigReader c, long hidden)
    {
        var mixer = new Mamba2Mixer
        {
            HiddenSize = hidden,
            Heads = c.Size("mamba_num_heads", 128),
            HeadDim = c.Size("mamba_head_dim", 64),
            StateSize = c.Size("ssm_state_size", 128),
            Groups = c.Size("n_groups", 8),
            ConvolutionKernel = c.Size("conv_kernel", 4),
            KeepsStateInFloat32 = c.Text("mamba_ssm_cache_dtype", "float32") == "float32",
        };
        bool bias = c.Flag("use_bias", false);
        return new([mixer], [], mixer.Tensors("", c.Flag("use_conv_bias", true), inputBias: bias, outputBias: bias));
    }

    private static BlockParts Attention(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32, keyValueHeads: 8, headDim: 128);
        bool bias = c.Flag("attention_bias", false);
        return new([attention], [], attention.Separate("", bias, bias));
    }

    private static BlockParts FeedForward(ConfigReader c, long hidden)
    {
        var dense = new DenseFeedForward(hidden, c.Size("intermediate_size", 21504));
        return new([], [dense], dense.Tensors("", "up_proj", "down_proj", c.Flag("mlp_bias", false)));
    }

    private static BlockParts Mixture(ConfigReader c, long hidden)
    {
        long? latent = c.SizeOrNull("moe_latent_size");
        bool hasShared = !c.IsNull("n_shared_experts") && c.Count("n_shared_experts", 1) > 0, bias = c.Flag("mlp_bias", false);
        MixtureOfExperts moe = c.Mixture(latent ?? hidden, experts: ("n_routed_experts", 8), active: 2,
            width: ("moe_intermediate_size", 7688)) with
        {
            SharedIntermediateSize = hasShared ? c.Size("moe_shared_expert_intermediate_size", 7688) : 0,
            IsGated = false,
        };
        return new([], [moe],
        [
            .. Linear("gate", hidden, moe.Experts, TensorRole.Router, MatrixKind.Router),
            Plain("gate.e_score_correction_bias", TensorRole.Router, moe.Experts),
            .. latent is { } input ? Linear("fc1_latent_proj", hidden, input, TensorRole.FeedForward, MatrixKind.Up, bias) : [],
            .. moe.PerExpert("experts.{expert}."),
            .. latent is { } output ? Linear("fc2_latent_proj", output, hidden, TensorRole.FeedForward, MatrixKind.Up, bias) : [],
            .. hasShared
                ? new DenseFeedForward(hidden, moe.SharedIntermediateSize)
                    .Tensors("shared_experts.", "up_proj", "down_proj", bias, TensorRole.SharedExpert)
                : [],
        ]);
    }

    /// <summary>Multi-token prediction: each step runs a pattern of layers, between a projection and a norm.</summary>
    private static ValueList<Addition> Prediction(ConfigReader c, long hidden)
    {
        long steps = c.Count("num_nextn_predict_layers", 0);
        if (steps == 0)
        {
            return [];
        }

        string pattern = Pattern(c, "mtp_layers_block_type", "mtp_hybrid_override_pattern", "*E");
        if (steps * pattern.Length > ConfigReader.MaxLayers)
        {
            throw c.Invalid("num_nextn_predict_layers",
                $"is too large: {(ConfigValue)steps} steps of {(ConfigValue)pattern.Length} layers.");
        }

        int length = pattern.Length;
        ValueList<Block> blocks = Decoder.ByKind((int)steps * length,
            layer => (letter: pattern[layer % length], first: layer % length == 0, last: (layer + 1) % length == 0),
            kind => new BlockParts([], [],
            [
                .. kind.first ? MultiTokenPrediction.Joined(hidden) : [],
                .. Layer(c, hidden, kind.letter).Tensors,
                .. kind.last ? Norm("final_layernorm", hidden) : [],
            ]), "mtp.layers.{layer}.");
        return [.. blocks.Select(block => Addition.MultiTokenPrediction(block.Layers, block.Tensors))];
    }

    /// <summary>The layers as letters, from a list of words or, where that is missing, from a string of letters.</summary>
    private static string Pattern(ConfigReader c, string list, string letters, string fallback)
    {
        string pattern = c.Texts(list) is { } words
            ? string.Concat(words.Select((word, layer) => word switch
            {
                "mamba" or "linear_attention" => 'M',
                "attention" or "full_attention" => '*',
                "mlp" => '-',
                "moe" => 'E',
                _ => throw c.Invalid($"{list}[{layer}]",
                    $"must be \"mamba\", \"attention\", \"mlp\" or \"moe\"; it is {(ConfigValue)word}."),
            }))
            : c.Text(letters, fallback);
        return pattern.Length is > 0 and <= ConfigReader.MaxLayers && pattern.All(letter => letter is 'M' or '*' or '-' or 'E')
            ? pattern
            : throw c.Invalid(letters, "must have one letter a layer: M, *, - or E, 1 to "
                + $"{(ConfigValue)ConfigReader.MaxLayers} of them; it is {(ConfigValue)pattern}.");
    }
}
