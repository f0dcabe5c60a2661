namespace LlmMath.Placement.Cache;

/// <summary>How serving engines pack what sparse latent attention caches, whatever the format of other keys.</summary>
internal static class SparseCache
{
    private const int ScaledElements = 128, ScaleBytes = 4;

    /// <summary>Bytes of a token's indexer key: n 8-bit floats and a 32-bit scale for each 128, n + 4·⌈n ÷ 128⌉. Source:
    /// vllm-project/vllm@0023368d0, vllm/v1/attention/backends/mla/indexer.py (always quantized), and its
    /// model_executor/models/deepseek_v2.py; SGLang's and TensorRT-LLM's pools have the same layout.</summary>
    public static long IndexBytes(long elements) =>
        checked(elements + (ScaleBytes * ((elements + ScaledElements - 1) / ScaledElements)));

    /// <summary>Bytes of a token's compressed vector where 8-bit floats were asked for: the same scales, and the rotary key in 16
    /// bits: 656 of 512 + 64 elements. Source: vllm-project/vllm, vllm/v1/attention/backends/mla/flashmla_sparse.py
    /// (fp8_ds_mla).</summary>
    public static long LatentBytes(long elements, long rotaryElements) =>
        checked(IndexBytes(elements - rotaryElements) + (2 * rotaryElements));
}
