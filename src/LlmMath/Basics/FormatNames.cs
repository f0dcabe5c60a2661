namespace LlmMath.Basics;

/// <summary>The usual names of number formats, whatever they are of: weights, caches, single numbers.</summary>
internal static class FormatNames
{
    /// <summary>The usual name behind another spelling, in lower case; a name that has no other is returned in lower
    /// case.</summary>
    public static string Usual(string name) => name.ToLowerInvariant() switch
    {
        "float32" or "f32" => "fp32",
        "float16" or "f16" or "half" => "fp16",
        "bfloat16" => "bf16",
        "e4m3" or "fp8-e4m3" or "fp8_e4m3" or "f8_e4m3" => "fp8",
        "e5m2" or "fp8_e5m2" or "f8_e5m2" => "fp8-e5m2",
        "e2m1" => "fp4",
        "e4m3-scaled" => "fp8-scaled",
        "e5m2-scaled" => "fp8-e5m2-scaled",
        "gptq" or "gptq-4bit" => "gptq-4bit-128g",
        "awq" or "awq-4bit" => "awq-4bit-128g",
        "nf4-double-quantization" or "nf4-double-quant" => "nf4-dq",
        var usual => usual,
    };

    /// <summary>The first whose usual name is that of <paramref name="name"/>, or null.</summary>
    public static T? Find<T>(IEnumerable<T> formats, Func<T, string> nameOf, string name)
        where T : class
    {
        string usual = Usual(name ?? throw new ArgumentNullException(nameof(name)));
        return formats.FirstOrDefault(format => Usual(nameOf(format)) == usual);
    }
}
