using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>
/// Jais 2: Nemotron's block (layer norms, two matrices with a squared ReLU) with biases everywhere.
/// Source: huggingface/transformers, src/transformers/models/jais2/modular_jais2.py, commit 1060b88eabb2.
/// </summary>
internal static class Jais2
{
    public static Architecture Build(ConfigReader c) => Nemotron.Build(c
        .Default("vocab_size", 150272).Default("hidden_size", 3328).Default("intermediate_size", 26624)
        .Default("num_attention_heads", 26).Default("attention_bias", true).Default("mlp_bias", true)) with { Family = "jais2" };
}
