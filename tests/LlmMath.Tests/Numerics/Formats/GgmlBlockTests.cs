using System.Runtime.InteropServices;

namespace LlmMath.Tests.Numerics.Formats;

/// <summary>Blocks of GGUF files decode to the bits that ggml decodes them to; the source of the vectors stands in their
/// file.</summary>
public class GgmlBlockTests
{
    public static TheoryData<string> FormatNames => [.. Vectors().Select(vector => vector.Format).Distinct()];

    [Fact]
    public void EveryGgufFormatHasVectors() => Assert.Equal(
        ["iq4_nl", "mxfp4", "nvfp4", "q2_k", "q3_k", "q4_0", "q4_1", "q4_k", "q5_0", "q5_1", "q5_k", "q6_k", "q8_0"],
        Vectors().Select(vector => vector.Format).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(FormatNames))]
    public void BlocksDecodeBitForBit(string name)
    {
        var format = BlockFormat.Find(name);
        foreach (Vector vector in Vectors().Where(vector => vector.Format == name))
        {
            float[] decoded = new float[format.Elements];
            Assert.True(format.TryDecode(vector.Block, decoded));
            AssertSameBits(vector.Decoded, decoded);
        }
    }

    [Theory]
    [MemberData(nameof(FormatNames))]
    public void EncodingIsTheSame(string name)
    {
        var format = BlockFormat.Find(name);
        double ours = 0, theirs = 0;
        foreach (Vector vector in Vectors().Where(vector => vector.Format == name && vector.Values.Length > 0))
        {
            byte[] block = new byte[format.Bytes];
            float[] decoded = new float[format.Elements];
            Assert.True(format.TryEncode(vector.Values, block));
            Assert.True(format.TryDecode(block, decoded));

            // NVFP4's scales are rounded otherwise: no worse is what can be asked.
            if (name != "nvfp4")
            {
                Assert.Equal(Convert.ToHexString(vector.Block), Convert.ToHexString(block));
            }

            ours += SquaredError(vector.Values, decoded);
            theirs += SquaredError(vector.Values, vector.Decoded);
        }

        Assert.InRange(ours, 0, theirs * 1.000001);
    }

    private static double SquaredError(float[] values, float[] decoded) =>
        values.Zip(decoded, (x, y) => Math.Pow((double)x - y, 2)).Sum() / values.Sum(x => (double)x * x);

    private static void AssertSameBits(float[] expected, float[] actual) =>
        Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), actual.Select(BitConverter.SingleToInt32Bits));

    private static List<Vector> Vectors()
    {
        using Stream stream = typeof(GgmlBlockTests).Assembly.GetManifestResourceStream("ggml-blocks.tsv")!;
        using var reader = new StreamReader(stream);
        IEnumerable<string> lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Where(line => line[0] != '#').Select(line => line.Split('\t')).Select(cells => new Vector(
            cells[0], cells[2] == "-" ? [] : Floats(cells[2]), Convert.FromBase64String(cells[3]), Floats(cells[4])))];
    }

    private static float[] Floats(string base64) => MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(base64)).ToArray();

    private sealed record Vector(string Format, float[] Values, byte[] Block, float[] Decoded);
}
