using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Jais: GPT-2 with ALiBi in place of the position table and a gated feed-forward; files hold ALiBi's constant slopes.
/// Source: vllm-project/vllm, vllm/transformers_utils/configs/jais.py, commit 0531c2226a6a, and
/// vllm/model_executor/models/jais.py, commit 01dbb08195ca (the model's own code is remote).
/// </summary>
internal static class Jais
{
    public static Architecture Build(ConfigReader c)
    {
        c = Gpt2.Named(c);
        bool alibi = c.Text("position_embedding_type", "learned") switch
        {
            "alibi" => true,
            "learned" => false,
            _ => throw c.Invalid("position_embedding_type",
                $"must be \"learned\" or \"alibi\"; it is {c.Value("position_embedding_type")}."),
        };
        bool gated = c.Text("activation_function", "gelu_new") == "swiglu";
        Architecture decoder = Gpt2.Of(c, "jais", alibi ? null : c.Size("n_positions", 1024), gated: gated);
        return !alibi ? decoder : decoder with
        {
            Additions =
            [
                new(PartKind.Other, "ALiBi slopes", [],
                    [Plain("transformer.relative_pe.slopes", TensorRole.Position, c.Size("n_head", 12), 1)]),
            ],
        };
    }
}
