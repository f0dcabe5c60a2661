using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>
/// GPT-BigCode (StarCoder, Granite code): GPT-2 with one key and value head for all query heads, linear layers stored as
/// [outputs, inputs].
/// Source: huggingface/transformers, src/transformers/models/gpt_bigcode/configuration_gpt_bigcode.py, commit 05ff2e98e446, and
/// modeling_gpt_bigcode.py, commit 00574544580e.
/// </summary>
internal static class GptBigCode
{
    public static Architecture Build(ConfigReader c)
    {
        c = Gpt2.Named(c);
        return Gpt2.Of(c, "gpt_bigcode", c.Size("n_positions", 1024), transposed: false, multiQuery: c.Flag("multi_query", true));
    }
}
