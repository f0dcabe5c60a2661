namespace LlmMath.Models.Families;

/// <summary>Types that transformers' causal mapping or other engines know and this library does not count, each with the reason:
/// an error then says why, not that the name is unknown.</summary>
internal static class RefusedFamilies
{
    private const string Bert = "is BERT's kin: an encoder that fills in masked tokens, run as a decoder by a switch";
    private const string Fairseq = "is an encoder and a decoder of BART's kind, with parts that were not read";
    private const string Sound = "writes sound, by several codebooks at a time";
    private const string Drafts = "drafts tokens for another model, whose cache it reads";
    private const string Unread = "is known by name only: no public reference of its tensors was found and read";

    private static readonly Dictionary<string, string> s_reasons = new(StringComparer.Ordinal)
    {
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
        ["megatron-bert"] = Bert,
        ["moshi"] = Sound,
        ["musicgen"] = Sound,
        ["musicgen_melody"] = Sound,
        ["mvp"] = Fairseq,
        ["plamo3"] = Unread,
        ["prophetnet"] = Fairseq,
        ["qwen4_exp"] = Unread,
        ["qwen4_exp_text"] = Unread,
        ["reformer"] = "attends by hashing and reverses its layers; no engine serves it",
        ["rembert"] = Bert,
        ["roberta"] = Bert,
        ["roberta-prelayernorm"] = Bert,
        ["roc_bert"] = Bert,
        ["roformer"] = Bert,
        ["step3_text"] = Unread,
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
