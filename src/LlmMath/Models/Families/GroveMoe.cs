using LlmMath.Architectures;
using LlmMath.Interchange;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// GroveMoE: Qwen 3's mixture, in which every two experts share a small one that runs where either is chosen; 128 wide and two to
/// a group whatever the config says. At most one small expert for each chosen expert is active.
/// Source: inclusionAI/GroveMoE-Inst, modeling_grove_moe.py, revision c4c69e5970d1, lines 298 to 303, as read by
/// ggml-org/llama.cpp, conversion/grovemoe.py, commit 051139f51130; Wu et al., arXiv:2508.07785, section 3.
/// </summary>
internal static class GroveMoe
{
    private const int ExpertsPerGroup = 2;
    private const long SmallWidth = 128;

    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("num_experts", "num_local_experts").NeedingSizes().Needing("num_experts", "num_experts_per_tok");
        Architecture decoder = QwenMoe.OfQwen3(c, "grove_moe", moe =>
        [
            Plain("mlp.expert_bias", TensorRole.Router, moe.Experts),
            .. moe.PerExpert("mlp.experts.{expert}."),
            .. Small(c, moe).PerExpert("mlp.chunk_experts.{expert}."),
        ]);
        return decoder with { Blocks = [.. decoder.Blocks.Select(Beside)] };

        Block Beside(Block block) => block.FeedForwards[0] is MixtureOfExperts moe
            ? block with { FeedForwards = [moe, Small(c, moe)] }
            : block;
    }

    private static MixtureOfExperts Small(ConfigReader c, MixtureOfExperts moe)
    {
        long groups = moe.Experts % ExpertsPerGroup == 0
            ? moe.Experts / ExpertsPerGroup
            : throw c.Invalid("num_experts", $"must be even: two experts share a small one; it is {(ConfigValue)moe.Experts}.");
        return moe with
        {
            Experts = groups,
            ActiveExperts = Math.Min(groups, moe.ActiveExperts),
            ExpertIntermediateSize = SmallWidth,
        };
    }
}
