using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LlmMath.Cli;
using LlmMath.Cli.Bench.Peers;
using LlmMath.Tests.Numerics.Formats;

namespace LlmMath.Benchmarks.Quantization;

/// <summary>Prints tests/LlmMath.Tests/Numerics/Formats/ggml-digests.tsv: what ggml makes of the tests' samples.</summary>
internal static unsafe class GgmlDigests
{
    /// <param name="folder">The folder of ggml's libraries.</param>
    public static void Run(string folder)
    {
        Ggml library = Ggml.Load(Path.GetFullPath(folder));
        var ggml = new GgmlRows(library);
        string version = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)library.Base("ggml_version"))())!,
            commit = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)library.Base("ggml_commit"))())!;
        Console.WriteLine(
            "# What ggml makes of GgmlSamples: format, kind, the first half "
                + "of SHA-256 of the encoded blocks, and of their decoded values.");
        Console.WriteLine($"# Made with ggml {version} (commit {commit}), ggml_quantize_chunk and dequantize_row_*, by");
        Console.WriteLine("# dotnet run --project tests/LlmMath.Benchmarks -c Release -- ggml-digests DIR");
        foreach (string name in (string[])["q8_0", "q6_k", "q5_k", "q5_1", "q5_0", "q4_k", "q4_1", "q4_0", "iq4_nl", "q3_k",
            "q2_k", "mxfp4", "nvfp4-gguf"])
        {
            NumberFormat format = NumberFormats.Find(name);
            string tests = name.Split('-')[0];

            // NVFP4's scales are rounded otherwise here.
            foreach (string kind in tests == "nvfp4" ? [] : GgmlSamples.Kinds)
            {
                using var row = new RowMemory(format, GgmlSamples.Values(kind));
                ggml.QuantizeAsFiles(name, row)();
                string encoded = Digest(new Span<byte>(row.Bytes, row.Size));
                ggml.Dequantize(name, row)();
                Console.WriteLine(
                    $"{tests}\t{kind}\t{encoded}\t{Digest(MemoryMarshal.AsBytes(new Span<float>(row.Values, row.Count)))}");
            }

            Console.WriteLine($"{tests}\tbits\t-\t{Bits(ggml, format)}");
        }
    }

    // Blocks that are valid here: their scales are finite.
    private static string Bits(GgmlRows ggml, NumberFormat format)
    {
        int elements = format.BlockElements ?? throw new CliException($"{format} has no blocks.");
        var decoded = new List<float>();
        float[] values = new float[elements];
        for (int number = 0; number < 4 * GgmlSamples.Count / elements; number++)
        {
            byte[] block = GgmlSamples.Block((int)format.ByteCount(elements), number);
            try
            {
                format.Dequantize(block, values);
            }
            catch (ArgumentException)
            {
                continue;
            }

            using var row = new RowMemory(format, new float[elements]);
            block.CopyTo(new Span<byte>(row.Bytes, row.Size));
            ggml.Dequantize(format.Name, row)();
            decoded.AddRange(new Span<float>(row.Values, row.Count));
        }

        return Digest(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(decoded)));
    }

    private static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes))[..32];
}
