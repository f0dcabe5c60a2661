using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace LlmMath.Tests.Numerics.Formats;

/// <summary>Many blocks against ggml: it encodes the samples to the same bytes, and decodes those and arbitrary blocks to the
/// same bits. The file's head says how it was made.</summary>
public class GgmlDigestTests
{
    public static TheoryData<string> FormatNames => [.. Rows().Select(row => row.Format).Distinct()];

    [Fact]
    public void EveryGgufFormatAndKindIsThere() => Assert.Equal(
        (12 * GgmlSamples.Kinds.Count) + 13, Rows().Count);

    [Theory]
    [MemberData(nameof(FormatNames))]
    public void BytesAndBitsAreGgmls(string name)
    {
        var format = BlockFormat.Find(name);
        foreach (Row row in Rows().Where(row => row.Format == name && row.Kind != "bits"))
        {
            float[] values = GgmlSamples.Values(row.Kind);
            byte[] blocks = new byte[values.Length / format.Elements * format.Bytes];
            format.Quantize(values, blocks);
            format.Dequantize(blocks, values);
            Assert.True(row.Encoded == Digest(blocks), $"{name}, {row.Kind}: other bytes than ggml's");
            Assert.True(row.Decoded == Digest(values), $"{name}, {row.Kind}: other values than ggml's");
        }
    }

    [Theory]
    [MemberData(nameof(FormatNames))]
    public void ArbitraryBlocksDecodeToGgmlsBits(string name)
    {
        var format = BlockFormat.Find(name);
        var decoded = new List<float>();
        for (int number = 0; number < Blocks(format.Elements); number++)
        {
            float[] values = new float[format.Elements];
            if (format.TryDecode(GgmlSamples.Block(format.Bytes, number), values))
            {
                decoded.AddRange(values);
            }
        }

        Assert.Equal(Rows().Single(row => row.Format == name && row.Kind == "bits").Decoded, Digest([.. decoded]));
    }

    /// <summary>Arbitrary blocks of a format.</summary>
    private static int Blocks(int elements) => 4 * GgmlSamples.Count / elements;

    private static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes))[..32];

    private static string Digest(float[] values) => Digest(MemoryMarshal.AsBytes<float>(values));

    private static List<Row> Rows()
    {
        using Stream stream = typeof(GgmlDigestTests).Assembly.GetManifestResourceStream("ggml-digests.tsv")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')
            .Select(line => line.Split('\t')).Select(cells => new Row(cells[0], cells[1], cells[2], cells[3]))];
    }

    private sealed record Row(string Format, string Kind, string Encoded, string Decoded);
}
