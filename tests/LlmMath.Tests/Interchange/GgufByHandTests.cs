namespace LlmMath.Tests.Interchange;

/// <summary>Small models of the commonest architectures, their keys and tensors written out by hand as llama.cpp's files have
/// them. Source: ggml-org/llama.cpp, src/models/*.cpp (load_arch_tensors), commit 82bb48500a9a.</summary>
public class GgufByHandTests
{
    private const string LlamaBlock = """
        token_embd.weight 500 64
        output_norm.weight 64
        blk.{i}.attn_norm.weight 64
        blk.{i}.attn_q.weight 64 64
        blk.{i}.attn_k.weight 32 64
        blk.{i}.attn_v.weight 32 64
        blk.{i}.attn_output.weight 64 64
        blk.{i}.ffn_norm.weight 64
        """;

    private const string Dense = """

        blk.{i}.ffn_gate.weight 96 64
        blk.{i}.ffn_up.weight 96 64
        blk.{i}.ffn_down.weight 64 96
        """;

    [Fact]
    public void Llama_TiedUnlessItHasAHead_RotaryFrequenciesApart()
    {
        List<WrittenTensor> tensors = WrittenTensors.Parse(2, LlamaBlock + Dense);
        GgufFile tied = File("llama", tensors);
        Expect(tied, "llama", "output.weight", tied: true);

        var file = new GgufFile { Metadata = tied.Metadata,
            Tensors = [.. tensors, new("output.weight", [500, 64]), new("rope_freqs.weight", [8])] };
        CheckpointComparison comparison = Expect(file, "llama", beyond: ["rope_freqs.weight"]);
        Assert.Equal(tied.Read().Parameters + (500 * 64), Gguf.ToDefinition(file.Read(), "f").ParameterCount());
        Assert.Equal(21, comparison.Matched);
    }

    [Fact]
    public void Llama_WithFusedProjections_AsNewerConversionsMayWriteThem()
    {
        List<WrittenTensor> tensors = WrittenTensors.Parse(2, LlamaBlock + Dense);
        tensors.RemoveAll(t => t.Name.Contains("attn_q.", StringComparison.Ordinal)
            || t.Name.Contains("attn_k.", StringComparison.Ordinal) || t.Name.Contains("attn_v.", StringComparison.Ordinal));
        tensors.AddRange(WrittenTensors.Parse(2, "blk.{i}.attn_qkv.weight 128 64"));
        Expect(File("llama", tensors), "llama", tied: true);
    }

    [Theory]
    [InlineData("""
        blk.{i}.ffn_gate_inp.weight 4 64
        blk.{i}.ffn_gate_exps.weight 4 96 64
        blk.{i}.ffn_up_exps.weight 4 96 64
        blk.{i}.ffn_down_exps.weight 4 64 96
        """)]
    [InlineData("""
        blk.{i}.ffn_gate_inp.weight 4 64
        blk.{i}.ffn_gate.0.weight 96 64
        blk.{i}.ffn_gate.1.weight 96 64
        blk.{i}.ffn_gate.2.weight 96 64
        blk.{i}.ffn_gate.3.weight 96 64
        blk.{i}.ffn_up.0.weight 96 64
        blk.{i}.ffn_up.1.weight 96 64
        blk.{i}.ffn_up.2.weight 96 64
        blk.{i}.ffn_up.3.weight 96 64
        blk.{i}.ffn_down.0.weight 64 96
        blk.{i}.ffn_down.1.weight 64 96
        blk.{i}.ffn_down.2.weight 64 96
        blk.{i}.ffn_down.3.weight 64 96
        """)]
    [InlineData("""
        blk.{i}.ffn_gate_inp.weight 4 64
        blk.{i}.ffn_gate_up_exps.weight 4 192 64
        blk.{i}.ffn_down_exps.weight 4 64 96
        """)]
    public void Mixtral_ExpertsStackedOrFusedOrEachItsOwn(string experts)
    {
        GgufFile file = File(
            "llama", [.. WrittenTensors.Parse(2, LlamaBlock + "\noutput.weight 500 64"), .. WrittenTensors.Parse(2, experts)],
            ("expert_count", 4), ("expert_used_count", 2));
        Expect(file, "mixtral");
        ModelDefinition model = Gguf.ToDefinition(file.Read(), "f");
        Assert.Equal(2 * 2 * 3 * 96 * 64, model.ParameterCount() - model.ActiveParameterCount());
    }

    [Fact]
    public void Qwen2_HasBiases()
    {
        GgufFile file = File("qwen2", [.. WrittenTensors.Parse(3, LlamaBlock + Dense), .. WrittenTensors.Parse(3, """
            blk.{i}.attn_q.bias 64
            blk.{i}.attn_k.bias 32
            blk.{i}.attn_v.bias 32
            """)], ("block_count", 3));
        Expect(file, "qwen2", tied: true);
    }

    [Fact]
    public void Gemma2_HasNormsAfter_AndHeadsOfTheirOwnSize()
    {
        GgufFile file = File("gemma2", WrittenTensors.Parse(2, """
            token_embd.weight 500 64
            output_norm.weight 64
            blk.{i}.attn_norm.weight 64
            blk.{i}.attn_q.weight 128 64
            blk.{i}.attn_k.weight 64 64
            blk.{i}.attn_v.weight 64 64
            blk.{i}.attn_output.weight 64 128
            blk.{i}.post_attention_norm.weight 64
            blk.{i}.ffn_norm.weight 64
            blk.{i}.ffn_gate.weight 96 64
            blk.{i}.ffn_up.weight 96 64
            blk.{i}.ffn_down.weight 64 96
            blk.{i}.post_ffw_norm.weight 64
            """), ("attention.key_length", 32), ("attention.value_length", 32), ("attention.sliding_window", 512));
        Expect(file, "gemma2", tied: true);
        Assert.Contains(Gguf.ToDefinition(file.Read(), "f").Architecture.Blocks[0].Mixers, mixer =>
            mixer is SlidingWindowAttention { Window: 512 });
    }

    [Fact]
    public void Gpt2_IsTransposed()
    {
        GgufFile file = File("gpt2", WrittenTensors.Parse(2, """
            token_embd.weight 500 64
            position_embd.weight 128 64
            output_norm.weight 64
            output_norm.bias 64
            blk.{i}.attn_norm.weight 64
            blk.{i}.attn_norm.bias 64
            blk.{i}.attn_qkv.weight 192 64
            blk.{i}.attn_qkv.bias 192
            blk.{i}.attn_output.weight 64 64
            blk.{i}.attn_output.bias 64
            blk.{i}.ffn_norm.weight 64
            blk.{i}.ffn_norm.bias 64
            blk.{i}.ffn_up.weight 96 64
            blk.{i}.ffn_up.bias 96
            blk.{i}.ffn_down.weight 64 96
            blk.{i}.ffn_down.bias 64
            """));
        file.Metadata.RemoveAll(field => field.Key == "gpt2.attention.head_count_kv");
        Expect(file, "gpt2", tied: true);
    }

    [Fact]
    public void GptOss_HasSinksAndBiasesOfExperts()
    {
        GgufFile file = File("gpt-oss", WrittenTensors.Parse(2, """
            token_embd.weight 500 64
            output_norm.weight 64
            output.weight 500 64
            blk.{i}.attn_norm.weight 64
            blk.{i}.attn_q.weight 64 64
            blk.{i}.attn_q.bias 64
            blk.{i}.attn_k.weight 32 64
            blk.{i}.attn_k.bias 32
            blk.{i}.attn_v.weight 32 64
            blk.{i}.attn_v.bias 32
            blk.{i}.attn_output.weight 64 64
            blk.{i}.attn_output.bias 64
            blk.{i}.attn_sinks.weight 4
            blk.{i}.post_attention_norm.weight 64
            blk.{i}.ffn_gate_inp.weight 8 64
            blk.{i}.ffn_gate_inp.bias 8
            blk.{i}.ffn_gate_exps.weight 8 96 64
            blk.{i}.ffn_gate_exps.bias 8 96
            blk.{i}.ffn_up_exps.weight 8 96 64
            blk.{i}.ffn_up_exps.bias 8 96
            blk.{i}.ffn_down_exps.weight 8 64 96
            blk.{i}.ffn_down_exps.bias 8 64
            """), ("expert_count", 8), ("expert_used_count", 4), ("expert_feed_forward_length", 96),
            ("attention.sliding_window", 128));
        Expect(file, "gpt_oss");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void DeepSeek2_LatentAttentionCompressedOrNot_WithABlockForPrediction(bool isCompressed)
    {
        string latent = isCompressed
            ? """
              blk.{i}.attn_k_b.weight 4 24 16
              blk.{i}.attn_v_b.weight 4 12 24
              """
            : "blk.{i}.attn_kv_b.weight 112 24";
        const string attention = """
            blk.{i}.attn_norm.weight 64
            blk.{i}.attn_q_a.weight 40 64
            blk.{i}.attn_q_a_norm.weight 40
            blk.{i}.attn_q_b.weight 96 40
            blk.{i}.attn_kv_a_mqa.weight 32 64
            blk.{i}.attn_kv_a_norm.weight 24
            blk.{i}.attn_output.weight 64 48
            blk.{i}.ffn_norm.weight 64
            """;
        const string sparse = """
            blk.{i}.ffn_gate_inp.weight 8 64
            blk.{i}.exp_probs_b.bias 8
            blk.{i}.ffn_gate_exps.weight 8 20 64
            blk.{i}.ffn_up_exps.weight 8 20 64
            blk.{i}.ffn_down_exps.weight 8 64 20
            blk.{i}.ffn_gate_shexp.weight 40 64
            blk.{i}.ffn_up_shexp.weight 40 64
            blk.{i}.ffn_down_shexp.weight 64 40
            """;
        const string prediction = """
            blk.{i}.nextn.eh_proj.weight 64 128
            blk.{i}.nextn.enorm.weight 64
            blk.{i}.nextn.hnorm.weight 64
            blk.{i}.nextn.shared_head_norm.weight 64
            """;
        List<WrittenTensor> tensors =
        [
            .. WrittenTensors.Parse(
                4, $"token_embd.weight 500 64\noutput_norm.weight 64\noutput.weight 500 64\n{attention}\n{latent}"),
            .. WrittenTensors.Parse(1, Dense),
            .. WrittenTensors.Parse(4, sparse).Where(t => !t.Name.StartsWith("blk.0.", StringComparison.Ordinal)),
            .. WrittenTensors.Parse(4, prediction).Where(t => t.Name.StartsWith("blk.3.", StringComparison.Ordinal)),
        ];
        (string, object)[] sizes = isCompressed
            ? [("attention.key_length", 32), ("attention.value_length", 24), ("attention.key_length_mla", 24),
                ("attention.value_length_mla", 12)]
            : [("attention.key_length", 24), ("attention.value_length", 12)];
        GgufFile file = File("deepseek2", tensors,
        [
            .. sizes, ("block_count", 4), ("nextn_predict_layers", 1), ("attention.head_count_kv", isCompressed ? 1 : 4),
            ("attention.q_lora_rank", 40),
            ("attention.kv_lora_rank", 24), ("rope.dimension_count", 8), ("leading_dense_block_count", 1), ("expert_count", 8),
            ("expert_used_count", 2),
            ("expert_shared_count", 2), ("expert_feed_forward_length", 20),
        ]);
        string[] beyond = [.. tensors.Select(t => t.Name).Where(name => name.StartsWith("blk.3.", StringComparison.Ordinal))];
        Expect(file, "deepseek_v3", beyond: beyond);
        Assert.Equal(3, Gguf.ToDefinition(file.Read(), "f").Architecture.LayerCount);
    }

    [Theory]
    [InlineData("llama-2-7b", 291, 0)] // SciSharp/LLamaSharp#35 (a fine-tune of Mistral 7B, of the same tensors)
    [InlineData("deepseek-r1-distill-llama-8b", 291, 0)]
    [InlineData("llama-3-70b", 724, 1)] // open-webui/open-webui#9788, with rope_freqs
    [InlineData("gemma-7b", 254, 0)] // ggml-org/llama.cpp#8597
    [InlineData("gemma-2-9b", 464, 0)] // ggml-org/llama.cpp#8214
    [InlineData("gemma-2-27b", 508, 0)] // ollama/ollama#5331
    [InlineData("qwen2.5-32b", 771, 0)] // ollama/ollama#8984
    [InlineData("qwen3-30b-a3b", 579, 0)] // ollama/ollama#10517
    [InlineData("deepseek-v3", 1086, 0)] // ikawrakow/ik_llama.cpp#394
    public void AConvertedModelHasAsManyTensorsAsPublishedFiles(string name, int published, int rotary)
    {
        GgufFile file = GgufConversion.Convert(ModelCatalog.Find(name));
        Assert.Equal(published - rotary, file.Tensors.Count);
    }

    private static GgufFile File(string architecture, List<WrittenTensor> tensors, params (string Key, object Value)[] keys)
    {
        (string Key, object Value)[] shared =
        [
            ("block_count", 2), ("context_length", 2048), ("embedding_length", 64), ("feed_forward_length", 96),
            ("attention.head_count", 4),
            ("attention.head_count_kv", 2),
        ];
        return new GgufFile
        {
            Metadata =
            [
                ("general.architecture", architecture),
                .. shared.Where(field => !keys.Any(own => own.Key == field.Key)).Concat(keys)
                    .Select(field => ($"{architecture}.{field.Key}", field.Value)),
                ("tokenizer.ggml.tokens", new[] { "<s>", "</s>", "a" }),
                ("tokenizer.ggml.scores", new[] { 0f, 0f, -1f }),
            ],
            Tensors = tensors,
        };
    }

    private static CheckpointComparison Expect(
        GgufFile file, string family, string? absent = null, bool tied = false, string[]? beyond = null)
    {
        CheckpointHeader header = file.Read();
        ModelDefinition model = Gguf.ToDefinition(header, "model.gguf");
        Assert.Equal(family, model.Architecture.Family);
        Assert.Equal(tied, model.Architecture.Outputs.Any(tensor => tensor.TiedTo is not null));
        Assert.DoesNotContain(header.Tensors, tensor => tensor.Name == absent);
        CheckpointComparison comparison = CheckpointComparison.Of(header, model);
        Assert.Empty(comparison.Missing);
        Assert.Empty(comparison.Unexpected);
        Assert.Empty(comparison.Mismatched);
        Assert.Equal((beyond ?? []).Order(), comparison.Beyond.Order());
        Assert.Equal(header.Tensors.Where(t => !comparison.Beyond.Contains(t.Name)).Sum(t => t.Elements), model.ParameterCount());
        return comparison;
    }
}
