using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>
/// TeleChat 3: Llama's tensors. The reference gives no defaults for its sizes.
/// Source: ml-explore/mlx-lm, mlx_lm/models/telechat3.py, commit d78bf58e217c.
/// </summary>
internal static class TeleChat3
{
    public static Architecture Build(ConfigReader c) =>
        Llama.Build(c.NeedingSizes().Needing("num_key_value_heads")) with { Family = "telechat3" };
}
