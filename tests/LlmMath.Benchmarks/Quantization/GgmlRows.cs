using LlmMath.Cli.Bench.Peers;

namespace LlmMath.Benchmarks.Quantization;

/// <summary>ggml's own quantizing and dequantizing of rows: of the CPU backend where it has a vectorized one, of the base library
/// otherwise (ggml.h, ggml-quants.h, ggml-cpu.h).</summary>
internal sealed unsafe class GgmlRows(Ggml ggml)
{
    // The type's number in ggml.h, and the ending of its functions' names.
    private static readonly Dictionary<string, (int Type, string Ending)> s_types = new()
    {
        ["q8_0"] = (8, "q8_0"), ["q4_0"] = (2, "q4_0"), ["q4_1"] = (3, "q4_1"), ["q5_0"] = (6, "q5_0"), ["q5_1"] = (7, "q5_1"),
        ["iq4_nl"] = (20, "iq4_nl"), ["q2_k"] = (10, "q2_K"), ["q3_k"] = (11, "q3_K"), ["q4_k"] = (12, "q4_K"),
        ["q5_k"] = (13, "q5_K"),
        ["q6_k"] = (14, "q6_K"), ["mxfp4"] = (39, "mxfp4"), ["nvfp4-gguf"] = (40, "nvfp4"),
    };

    /// <summary>Whether ggml has a format.</summary>
    public static bool Has(string format) => s_types.ContainsKey(format) || format is "fp16" or "bf16";

    /// <summary>Quantizes all values of a row.</summary>
    public Action Quantize(string format, RowMemory row)
    {
        if (format is "fp16" or "bf16" or "q8_0")
        {
            nint address = ggml.Cpu(format == "q8_0" ? "quantize_row_q8_0" : $"ggml_cpu_fp32_to_{format}");
            var convert = (delegate* unmanaged<float*, byte*, long, void>)address;
            return () => convert(row.Values, row.Bytes, row.Count);
        }

        return QuantizeAsFiles(format, row);
    }

    /// <summary>Quantizes all values of a row as the library does that writes files: without vectors, to the same bytes on any
    /// machine.</summary>
    public Action QuantizeAsFiles(string format, RowMemory row)
    {
        var chunk = (delegate* unmanaged<int, float*, byte*, long, long, long, float*, nuint>)ggml.Base("ggml_quantize_chunk");
        int type = s_types[format].Type;
        return () => chunk(type, row.Values, row.Bytes, 0, 1, row.Count, null);
    }

    /// <summary>Dequantizes all values of a row.</summary>
    public Action Dequantize(string format, RowMemory row)
    {
        nint address = format is "fp16" or "bf16"
            ? ggml.Cpu($"ggml_cpu_{format}_to_fp32")
            : ggml.Base("dequantize_row_" + s_types[format].Ending);
        var convert = (delegate* unmanaged<byte*, float*, long, void>)address;
        return () => convert(row.Bytes, row.Values, row.Count);
    }
}
