using LlmMath.Cli.Bench;

namespace LlmMath.Benchmarks.Quantization;

/// <summary>One format's quantizing or dequantizing of the same unit normals, by this library and by ggml, each in memory of its
/// own.</summary>
internal static unsafe class Conversion
{
    public static Contender Own(NumberFormat format, float[] normals, bool isQuantize)
    {
        var row = new RowMemory(format, normals);
        return Of("llmmath", row, isQuantize
            ? () => format.Quantize(new ReadOnlySpan<float>(row.Values, row.Count), new Span<byte>(row.Bytes, row.Size))
            : () => format.Dequantize(new ReadOnlySpan<byte>(row.Bytes, row.Size), new Span<float>(row.Values, row.Count)));
    }

    public static Contender Ggml(GgmlRows ggml, NumberFormat format, float[] normals, bool isQuantize)
    {
        var row = new RowMemory(format, normals);
        return Of("ggml", row, isQuantize ? ggml.Quantize(format.Name, row) : ggml.Dequantize(format.Name, row));
    }

    private static Contender Of(string name, RowMemory row, Action run) =>
        new(name, run, () => new Span<float>(row.Values, row.Count).ToArray(), row.Dispose);
}
