using LlmMath.Architectures;

namespace LlmMath.Interchange;

/// <summary>
/// From the names of a reference implementation's tensors to GGUF's: for each tensor the parts that it holds, by the name each
/// has where it is stored alone. A fused projection holds several parts (<c>qkv_proj</c> holds <c>attn_q</c>, <c>attn_k</c> and
/// <c>attn_v</c>), and several tensors may make up one part (experts). Source: ggml-org/llama.cpp, gguf-py/gguf/tensor_mapping.py
/// and constants.py, and conversion/*.py, commit 82bb48500a9a.
/// </summary>
internal static class GgufNames
{
    private const string Qkv = "attn_q attn_k attn_v", GateUp = "ffn_gate ffn_up";
    private const string PostAttention = "post_attention_layernorm = post_attention_norm";

    // Left of the sign, ends of names, from a dot on, without .weight or .bias: of several that fit the longest holds. Right of
    // it, the parts: one with a suffix of its own keeps it, ! is for none, and @ marks what stands in the metadata.
    private static readonly Dictionary<string, string> s_shared = Table(
    [
        "embed_tokens wte word_embeddings embeddings embed_in tok_embeddings shared = token_embd",
        "wpe = position_embd",
        "word_embeddings_layernorm embedding_norm = token_embd_norm",
        "lm_head embed_out output output_layer = output",
        "model.norm ln_f norm_f final_layernorm final_layer_norm = output_norm",
        "encoder.final_layer_norm = enc.output_norm",
        "decoder.final_layer_norm = dec.output_norm",

        "norm input_layernorm ln_1 norm_1 attention_norm attention_layernorm operator_norm pre_attn_norm ln_mlp = attn_norm",
        "ln_attn = attn_norm_2",
        "post_attention_layernorm ln_2 norm_2 ffn_norm feedforward_layernorm "
            + "pre_ff_layernorm pre_feedforward_layernorm = ffn_norm",
        "pre_mlp_layernorm = ffn_norm",
        "post_self_attn_layernorm = post_attention_norm",
        "post_feedforward_layernorm post_mlp_layernorm = post_ffw_norm",
        "attn_sub_norm = attn_sub_norm",
        "ffn_sub_norm = ffn_sub_norm",

        "q_proj = attn_q",
        "k_proj = attn_k",
        "v_proj = attn_v",
        $"query_key_value c_attn qkv_proj W_pack wqkv Wqkv = {Qkv}",
        "o_proj dense out_proj wo attn.c_proj linear_attn = attn_output",
        "q_norm q_layernorm query_layernorm q_ln q_layernorm.norms = attn_q_norm",
        "k_norm k_layernorm key_layernorm k_ln k_layernorm.norms = attn_k_norm",
        "sinks attention_sink_bias = attn_sinks.weight",
        "self_attn.gate_proj = attn_gate",
        "q_a_proj = attn_q_a",
        "q_a_layernorm = attn_q_a_norm",
        "q_b_proj = attn_q_b",
        "kv_a_proj_with_mqa = attn_kv_a_mqa",
        "kv_a_layernorm = attn_kv_a_norm",
        "kv_b_proj = attn_k_b attn_v_b",
        "indexer.wq_b = indexer.attn_q_b",
        "indexer.wk = indexer.attn_k",
        "indexer.k_norm = indexer.k_norm",
        "indexer.weights_proj = indexer.proj",

        "gate_proj w1 c_fc_0 c_fc2 linear = ffn_gate",
        "up_proj w3 c_fc c_fc_1 fc1 fc_in dense_h_to_4h linear_v v1 = ffn_up",
        "down_proj w2 c_proj fc2 fc_out dense_4h_to_h linear_1 output_linear = ffn_down",
        $"gate_up_proj input_linear = {GateUp}",
        "gate_up_proj_bias = ffn_gate.bias ffn_up.bias",
        "down_proj_bias = ffn_down.bias",
        "gate router wg router.layer router.proj = ffn_gate_inp",
        "router.scale = ffn_gate_inp.scale",
        "router.per_expert_scale = ffn_down.scale",
        "e_score_correction_bias expert_bias = exp_probs_b.bias",
        "shared_expert_gate = ffn_gate_inp_shexp",
        "fc1_latent_proj = ffn_latent_down",
        "fc2_latent_proj = ffn_latent_up",
        "act_fn.alpha_p = @xielu.alpha_p",
        "act_fn.alpha_n = @xielu.alpha_n",

        "in_proj = ssm_in",
        "conv1d = ssm_conv1d",
        "x_proj = ssm_x",
        "dt_proj = ssm_dt",
        "dt_bias = ssm_dt.bias",
        "A_log = ssm_a!",
        "D = ssm_d!",
        "mixer.norm mamba.norm linear_attn.norm o_norm = ssm_norm",
        "mixer.out_proj mamba.out_proj linear_attn.out_proj = ssm_out",
        "dt_layernorm = ssm_dt_norm",
        "b_layernorm = ssm_b_norm",
        "c_layernorm = ssm_c_norm",
        $"in_proj_qkv = {Qkv}",
        $"in_proj_qkvz = {Qkv} attn_gate",
        "in_proj_z = attn_gate",
        "in_proj_ba = ssm_ba",
        "in_proj_b b_proj = ssm_beta",
        "in_proj_a = ssm_alpha",
        "q_conv1d = ssm_conv1d_q",
        "k_conv1d = ssm_conv1d_k",
        "v_conv1d = ssm_conv1d_v",
        "f_a_proj = ssm_f_a",
        "f_b_proj = ssm_f_b",
        "g_a_proj = ssm_g_a",
        "g_b_proj = ssm_g_b",
        "conv.in_proj = shortconv.in_proj",
        "conv.conv = shortconv.conv",
        "conv.out_proj = shortconv.out_proj",

        "embed_tokens_per_layer = per_layer_token_embd",
        "per_layer_model_projection = per_layer_model_proj",
        "per_layer_projection_norm = per_layer_proj_norm",
        "per_layer_input_gate = inp_gate",
        "per_layer_projection = proj",
        "post_per_layer_input_norm = post_norm",
        "altup_projections = altup_proj",
        "altup_unembed_projections = altup_unembd_proj",
        "altup.correction_coefs = altup_correct_coef",
        "altup.correct_output_scale = altup_correct_scale",
        "altup.prediction_coefs = altup_predict_coef",
        "altup.modality_router = altup_router",
        "altup.router_norm = altup_router_norm",
        "laurel.linear_left = laurel_l",
        "laurel.linear_right = laurel_r",
        "laurel.post_laurel_norm = laurel_post_norm",
        "post_feedforward_layernorm_1 = post_ffw_norm_1",
        "pre_feedforward_layernorm_2 = pre_ffw_norm_2",
        "post_feedforward_layernorm_2 = post_ffw_norm_2",
        "layer_scalar = layer_output_scale",

        "layer.0.layer_norm = attn_norm",
        "encoder.block.{layer}.layer.1.layer_norm layer.2.layer_norm = ffn_norm",
        "decoder.block.{layer}.layer.1.layer_norm = cross_attn_norm",
        "SelfAttention.q = attn_q",
        "SelfAttention.k = attn_k",
        "SelfAttention.v = attn_v",
        "SelfAttention.o = attn_o",
        "SelfAttention.relative_attention_bias = attn_rel_b",
        "EncDecAttention.q = cross_attn_q",
        "EncDecAttention.k = cross_attn_k",
        "EncDecAttention.v = cross_attn_v",
        "EncDecAttention.o = cross_attn_o",
        "wi_0 = ffn_gate",
        "wi_1 wi = ffn_up",
        "DenseReluDense.wo = ffn_down",
    ]);

    // Families in which a name means something else.
    private static readonly Dictionary<string, Dictionary<string, string>> s_byFamily = new(StringComparer.Ordinal)
    {
        ["afmoe"] = Table([PostAttention]),
        ["chatglm"] = Table([$"dense_h_to_4h = {GateUp}"]),
        ["dbrx"] = Table(["norm_2 = attn_output_norm"]),
        ["exaone4"] = Table([PostAttention]),
        ["falcon_h1"] = Table(["pre_ff_layernorm = ffn_norm!"]),
        ["gemma2"] = Table([PostAttention]),
        ["gemma3_text"] = Table([PostAttention]),
        ["gemma3n_text"] = Table([PostAttention]),
        ["gemma4_text"] = Table([PostAttention]),
        ["glm4_moe"] = Table([PostAttention]),
        ["gpt_oss"] = Table([PostAttention]),
        ["grok-1"] = Table(["post_attn_norm = attn_output_norm", "pre_moe_norm = ffn_norm", "post_moe_norm = post_ffw_norm"]),
        ["olmo2"] = Table([PostAttention]),
        ["olmo3"] = Table([PostAttention]),
        ["qwen"] = Table(["w1 = ffn_up", "w2 = ffn_gate"]),
        ["qwen3_5_moe_text"] = Table([PostAttention]),
        ["qwen3_5_text"] = Table([PostAttention]),
        ["qwen3_next"] = Table([PostAttention]),
        ["seed_oss"] = Table([PostAttention]),
    };

    /// <summary>The parts that a tensor holds, with their suffixes (<c>attn_q.weight</c>), without the layer.</summary>
    /// <param name="family">The definition's family.</param>
    /// <param name="tensor">The tensor.</param>
    /// <returns>The parts; null where GGUF has no name for the tensor.</returns>
    public static IReadOnlyList<string>? Parts(string family, Tensor tensor)
    {
        (string path, string suffix) = SplitSuffix(tensor.Name);
        string stack = path.StartsWith("encoder.block.", StringComparison.Ordinal) ? "enc."
            : path.StartsWith("decoder.block.", StringComparison.Ordinal) ? "dec."
            : "";
        string? parts = Find(family, path) ?? Find(family, WithoutNumbers(path));
        return parts is null ? null
            : [.. parts.Split(' ').Select(part => stack + Complete(OfExperts(part, tensor.Role), suffix))];
    }

    private static string? Find(string family, string path)
    {
        s_byFamily.TryGetValue(family, out Dictionary<string, string>? own);
        for (int start = 0; start >= 0; start = path.IndexOf('.', start) + 1 is > 0 and var next ? next : -1)
        {
            string end = path.Substring(start);
            if ((own is not null && own.TryGetValue(end, out string? parts)) || s_shared.TryGetValue(end, out parts))
            {
                return parts;
            }
        }

        return null;
    }

    // The same name in an expert and in a dense layer: its role tells them apart.
    private static string OfExperts(string part, TensorRole role)
    {
        string matrix = part.Split('.')[0];
        string? kind = role switch
        {
            _ when matrix is not ("ffn_gate" or "ffn_up" or "ffn_down") => null,
            TensorRole.Expert or TensorRole.Router => "_exps",
            TensorRole.SharedExpert => "_shexp",
            _ => null,
        };
        return matrix + kind + part.Substring(matrix.Length);
    }

    private static (string Path, string Suffix) SplitSuffix(string name)
    {
        foreach (string suffix in (string[])[".weight", ".bias"])
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal))
            {
                return (name.Substring(0, name.Length - suffix.Length), suffix);
            }
        }

        return (name, ".weight");
    }

    private static string Complete(string part, string suffix) =>
        part[0] == '@' || part.EndsWith(".weight", StringComparison.Ordinal) || part.EndsWith(".bias", StringComparison.Ordinal)
        || part.EndsWith(".scale", StringComparison.Ordinal) ? part
        : part[^1] == '!' ? part.Substring(0, part.Length - 1)
        : part + suffix;

    // Tensors of a list (q_layernorm.norms.3) are parts of one.
    private static string WithoutNumbers(string path) =>
        string.Join(".", path.Split('.').Where(part => !part.All(char.IsAsciiDigit)));

    private static Dictionary<string, string> Table(string[] rows)
    {
        var table = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string row in rows)
        {
            string[] sides = row.Split([" = "], StringSplitOptions.None);
            foreach (string key in sides[0].Split(' '))
            {
                table.Add(key, sides[1]);
            }
        }

        return table;
    }
}
