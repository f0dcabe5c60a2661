using LlmMath.Numerics.Quantization;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Tests.Numerics.Quantization;

/// <summary>The integer formats' loops, compiled for every instruction set of this processor, against their formula.</summary>
public class IntegerLanesTests
{
    [Theory]
    [InlineData(8, 0, -127, 127)]
    [InlineData(4, 0, -7, 7)]
    [InlineData(8, 93, 0, 255)]
    [InlineData(4, 6, 0, 15)]
    public void CodesAndValuesAreTheFormulas(int bits, int zero, int least, int greatest)
    {
        Check<PortableLanes>(bits, zero, least, greatest);
        Check<Avx2Lanes>(bits, zero, least, greatest);
        Check<Avx512Lanes>(bits, zero, least, greatest);
    }

    [Fact]
    public void ACodeThatIsTooLowStopsTheLoopBeforeIt()
    {
        byte[] codes = new byte[64];
        codes[37] = 0x80;
        Assert.Equal(32, IntegerLanes.Decode<PortableLanes>(codes, 1, 0, -127, 8, new float[64]));
        codes[37] = 0x08;
        Assert.Equal(64, IntegerLanes.Decode<PortableLanes>(codes, 1, 0, -8, 4, new float[64]));
        Assert.Equal(64, IntegerLanes.Decode<PortableLanes>(codes, 1, 0, -7, 4, new float[128]));
    }

    private static void Check<TLanes>(int bits, int zero, int least, int greatest)
        where TLanes : struct, ILanes
    {
        if (!TLanes.IsSupported)
        {
            return;
        }

        for (int length = 0; length <= 257; length++)
        {
            float[] values = [.. Enumerable.Range(0, length).Select(i => (i % 7 == 0 ? i - 128 : (i * 37 % 300) - 150) * 0.5f)];
            byte[] codes = new byte[((length * bits) + 7) / 8];
            int done = IntegerLanes.Encode<TLanes>(values, 2f, zero, least, greatest, bits, codes);
            Assert.Equal(length / 16 * 16, done);
            float[] decoded = new float[length];
            Assert.Equal(done, IntegerLanes.Decode<TLanes>(codes, 0.5f, zero, least, bits, decoded));
            for (int i = 0; i < done; i++)
            {
                int code = (int)Math.Clamp(Math.Round((values[i] * 2) + zero, MidpointRounding.ToEven), least, greatest);
                int stored = bits == 8 ? codes[i] : (codes[i / 2] >> (i % 2 * 4)) & 15;
                Assert.Equal(code & ((1 << bits) - 1), stored);
                Assert.Equal((code - zero) * 0.5f, decoded[i]);
            }
        }
    }
}
