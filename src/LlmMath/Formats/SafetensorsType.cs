namespace LlmMath.Formats;

/// <summary>The number formats of safetensors and their bits. Source: huggingface/safetensors, safetensors/src/tensor.rs
/// (Dtype).</summary>
internal static class SafetensorsType
{
    /// <summary>Bits of one element, or null where the name is no format.</summary>
    public static int? Bits(string name) => name switch
    {
        "F4" => 4,
        "F6_E2M3" or "F6_E3M2" => 6,
        "BOOL" or "U8" or "I8" or "F8_E5M2" or "F8_E4M3" or "F8_E8M0" or "F8_E4M3FNUZ" or "F8_E5M2FNUZ" => 8,
        "I16" or "U16" or "F16" or "BF16" => 16,
        "I32" or "U32" or "F32" => 32,
        "I64" or "U64" or "F64" or "C64" => 64,
        _ => null,
    };
}
