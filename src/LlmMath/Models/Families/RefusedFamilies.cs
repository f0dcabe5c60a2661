namespace LlmMath.Models.Families;

/// <summary>Types that transformers' causal mapping or other engines know and this library does not count, each with the reason:
/// an error then says why, not that the name is unknown.</summary>
internal static class RefusedFamilies
{
    private const string Bert = "is BERT's kin: an encoder that fills in masked tokens, run as a decoder by a switch";
    private const string Fairseq = "is an encoder and a decoder of BART's kind, with parts that were not read";
    private const string Sound = "writes sound, by several codebooks at a time";
    private const string Drafts = "drafts tokens for another model, whose cache it reads";
    private const string New = "is new in 2026, and the tensors of its layers are not written down here yet";
    private const string Unread = "is known by name only: no public reference of its tensors was found and read";

    private static readonly Dictionary<string, string> s_reasons = new(StringComparer.Ordinal)
    {
        ["bailing_hybrid"] = New,
        ["bert"] = Bert,
        ["bert-generation"] = Bert,
        ["big_bird"] = Bert,
        ["bigbird_pegasus"] = Fairseq,
        ["blt"] = "reads bytes in patches whose lengths a second model picks, so that no figure a token holds",
        ["camembert"] = Bert,
        ["data2vec-text"] = Bert,
        ["diffusion_gemma"] = "writes by diffusion, with a pass over the prompt of its own; its published sizes are not verified",
        ["electra"] = Bert,
        ["ernie"] = Bert,
        ["gemma4_assistant"] = Drafts,
        ["gemma4_unified_assistant"] = Drafts,
        ["git"] = "is BERT's kin behind an image encoder",
        ["glm5_next"] = New,
        ["glm5_next_text"] = New,
        ["hy_v3"] = New,
        ["hy_v4"] = New,
        ["inkling_mm_model"] = New,
        ["inkling_text"] = New,
        ["k2_horizon"] = New,
        ["kimi_k3"] = New,
        ["laguna"] = New,
        ["megatron-bert"] = Bert,
        ["mimo_v2"] = New,
        ["minimax_m3"] = New,
        ["minimax_m3_vl"] = New,
        ["minimax_m3_vl_text"] = New,
        ["moshi"] = Sound,
        ["muse_glimmer"] = New,
        ["muse_glimmer_text"] = New,
        ["musicgen"] = Sound,
        ["musicgen_melody"] = Sound,
        ["mvp"] = Fairseq,
        ["pangu_embedded"] = Unread,
        ["plamo3"] = Unread,
        ["prophetnet"] = Fairseq,
        ["qwen3_omni_moe"] = New,
        ["qwen4_exp"] = Unread,
        ["qwen4_exp_text"] = Unread,
        ["reformer"] = "attends by hashing and reverses its layers; no engine serves it",
        ["rembert"] = Bert,
        ["roberta"] = Bert,
        ["roberta-prelayernorm"] = Bert,
        ["roc_bert"] = Bert,
        ["roformer"] = Bert,
        ["solar_open"] = New,
        ["solar_open2"] = New,
        ["step3_text"] = Unread,
        ["step3p5"] = New,
        ["step3p7"] = New,
        ["t5gemma2"] = Unread,
        ["trocr"] = "reads images: an image encoder and a decoder of BART's kind",
        ["whisper"] = "hears: a speech encoder and a decoder of BART's kind",
        ["xlm"] = Bert,
        ["xlm-roberta"] = Bert,
        ["xlm-roberta-xl"] = Bert,
        ["xlnet"] = "is trained over permutations, with two streams of attention; no engine serves it",
        ["xmod"] = Bert,
    };

    /// <summary>Why a type is not counted; null where it is counted, or unknown.</summary>
    public static string? Reason(string modelType) =>
        s_reasons.TryGetValue(modelType, out string? reason) ? reason : null;
}
