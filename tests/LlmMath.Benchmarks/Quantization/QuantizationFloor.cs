namespace LlmMath.Benchmarks.Quantization;

/// <summary>What to reach: how many times as fast as ggml, or, where it has no such format, GB/s of fp32. Measured with a
/// prototype on a Zen 4 server processor, one thread, in cache.</summary>
internal static class QuantizationFloor
{
    private static readonly Dictionary<string, (double Quantize, double Dequantize)> s_ratios = new()
    {
        ["q8_0"] = (1.0, 2.5), ["q4_0"] = (3, 10), ["mxfp4"] = (10, 20), ["bf16"] = (1.0, 1.0), ["fp16"] = (0.4, 0.9),
    };

    private static readonly Dictionary<string, (double Quantize, double Dequantize)> s_gigabytes = new()
    {
        ["e4m3"] = (24, 33), ["e5m2"] = (24, 58), ["nf4"] = (6.8, 85),
    };

    /// <summary>The ratio to ggml; null where none is stated.</summary>
    public static double? Ratio(string format, bool isQuantize) => Of(s_ratios, format, isQuantize);

    /// <summary>GB/s of fp32; null where none are stated.</summary>
    public static double? Gigabytes(string format, bool isQuantize) => Of(s_gigabytes, format, isQuantize);

    private static double? Of(Dictionary<string, (double Quantize, double Dequantize)> floors, string format, bool isQuantize) =>
        floors.TryGetValue(format, out (double Quantize, double Dequantize) floor) ? isQuantize ? floor.Quantize
            : floor.Dequantize : null;
}
