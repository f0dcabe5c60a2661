namespace LlmMath.Tests.Numerics.Formats;

/// <summary>The error of each format on unit normals, against figures measured elsewhere.</summary>
public class UnitNormalTests
{
    private static readonly float[] s_normals = Normals(1 << 18);

    // Measured with a prototype and with ggml 0.25.1 on other draws.
    [Theory]
    [InlineData("q8_0", 5.34e-3)]
    [InlineData("q4_0", 8.57e-2)]
    [InlineData("mxfp4", 0.115)]
    [InlineData("nvfp4", 0.095)]
    [InlineData("nf4", 0.092)]
    [InlineData("e4m3", 2.65e-2)]
    [InlineData("e5m2", 5.29e-2)]
    [InlineData("bf16", 1.66e-3)]
    [InlineData("fp16", 2.07e-4)]
    [InlineData("q4_1", 0.078225)]
    [InlineData("q5_0", 0.042627)]
    [InlineData("q5_1", 0.037883)]
    [InlineData("q2_k", 0.296702)]
    [InlineData("q3_k", 0.151065)]
    [InlineData("q4_k", 0.071)]
    [InlineData("q5_k", 0.036126)]
    [InlineData("q6_k", 0.017719)]
    [InlineData("iq4_nl", 0.076089)]
    public void ErrorIsTheFormats(string name, double rmse) => Assert.InRange(Rmse(name), rmse * 0.99, rmse * 1.01);

    private static double Rmse(string name)
    {
        var format = BlockFormat.Find(name);
        byte[] blocks = new byte[s_normals.Length / format.Elements * format.Bytes];
        float[] decoded = new float[s_normals.Length];
        format.Quantize(s_normals, blocks);
        format.Dequantize(blocks, decoded);
        return Math.Sqrt(s_normals.Zip(decoded, (x, y) => Math.Pow((double)x - y, 2)).Average());
    }

    private static float[] Normals(int count)
    {
        var random = new Random(20_260_101);
        return [.. Enumerable.Range(0, count).Select(_ =>
            (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }
}
