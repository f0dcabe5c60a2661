namespace LlmMath.Tests.Numerics.Formats;

/// <summary>Formats of 16 bits or fewer, over every code and around every tie.</summary>
public class SmallFloatTests
{
    [Fact]
    public void EveryFp16DecodesAsTheFrameworkHasIt()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            float expected = (float)BitConverter.UInt16BitsToHalf((ushort)bits), actual = Fp16.ToSingle((ushort)bits);
            bool right = float.IsNaN(expected) ? float.IsNaN(actual) : Same(expected, actual);
            Assert.True(right, $"{bits:X4}: {actual}, not {expected}");
        }
    }

    [Fact]
    public void EveryFp16EncodesBackToItselfAndTiesGoToEven()
    {
        for (int bits = 0; bits < 0x7C00; bits++)
        {
            float value = Fp16.ToSingle((ushort)bits), next = bits == 0x7BFF ? 65536 : Fp16.ToSingle((ushort)(bits + 1));
            float middle = (float)(((double)value + next) / 2);
            int even = bits % 2 == 0 ? bits : bits + 1;
            Assert.Equal(bits, Fp16.FromSingle(value));
            Assert.Equal(bits | 0x8000, Fp16.FromSingle(-value));
            Assert.Equal(even, Fp16.FromSingle(middle));
            Assert.Equal(bits, Fp16.FromSingle(MathF.BitDecrement(middle)));
            Assert.Equal(bits + 1, Fp16.FromSingle(MathF.BitIncrement(middle)));
        }
    }

    [Fact]
    public void Fp16EncodesAsTheFrameworkDoes()
    {
        var random = new Random(1);
        for (int i = 0; i < 1_000_000; i++)
        {
            float value = BitConverter.Int32BitsToSingle((int)random.NextInt64(uint.MaxValue) ^ (i % 3 == 0 ? 0 : 0x3800_0000));
            ushort expected = BitConverter.HalfToUInt16Bits((Half)value), actual = Fp16.FromSingle(value);
            bool right = float.IsNaN(value) ? Half.IsNaN(BitConverter.UInt16BitsToHalf(actual)) : expected == actual;
            Assert.True(right, $"{value:R}: {actual:X4}, not {expected:X4}");
        }
    }

    [Fact]
    public void EveryBf16DecodesAsTheUpperHalfAndEncodesBack()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            float value = Bf16.ToSingle((ushort)bits);
            Assert.Equal((uint)bits << 16, BitConverter.SingleToUInt32Bits(value));
            Assert.Equal(float.IsNaN(value) ? bits | 0x40 : bits, Bf16.FromSingle(value));
            if (float.IsFinite(value))
            {
                float middle = BitConverter.UInt32BitsToSingle(((uint)bits << 16) | 0x8000);
                Assert.Equal(bits + (bits % 2), Bf16.FromSingle(middle));
                Assert.Equal(bits, Bf16.FromSingle(BitConverter.UInt32BitsToSingle(((uint)bits << 16) | 0x7FFF)));
                Assert.Equal(bits + 1, Bf16.FromSingle(BitConverter.UInt32BitsToSingle(((uint)bits << 16) | 0x8001)));
            }
        }
    }

    [Theory]
    [InlineData("e4m3", 3, 7, 0x7E)]
    [InlineData("e5m2", 2, 15, 0x7B)]
    [InlineData("fp4", 1, 1, 0x07)]
    public void EveryCodeIsItsFormulaAndEveryTieGoesToEven(string name, int fractionBits, int bias, int largest)
    {
        (Func<float, byte> encode, Func<byte, float> decode) = name switch
        {
            "e4m3" => (Fp8E4M3.FromSingle, Fp8E4M3.ToSingle),
            "e5m2" => (Fp8E5M2.FromSingle, Fp8E5M2.ToSingle),
            _ => ((Func<float, byte>)Fp4E2M1.FromSingle, (Func<byte, float>)Fp4E2M1.ToSingle),
        };
        int sign = name == "fp4" ? 8 : 0x80;
        for (int code = 0; code <= largest; code++)
        {
            double value = Formula(code, fractionBits, bias);
            Assert.Equal(value, decode((byte)code));
            Assert.True(Same((float)-value, decode((byte)(code | sign))));
            Assert.Equal(code, encode((float)value));
            Assert.Equal(code | sign, encode((float)-value));
            if (code < largest)
            {
                float middle = (float)((value + Formula(code + 1, fractionBits, bias)) / 2);
                Assert.Equal(code + (code % 2), encode(middle));
                Assert.Equal(code, encode(MathF.BitDecrement(middle)));
                Assert.Equal(code + 1, encode(MathF.BitIncrement(middle)));
            }
        }

        Assert.Equal(largest, encode(float.MaxValue));
        Assert.Equal(largest, encode(float.PositiveInfinity));
        Assert.Equal(largest | sign, encode(float.NegativeInfinity));
        Assert.Equal(0, encode(float.Epsilon));
        Assert.Equal(sign, encode(-0f));
    }

    [Fact]
    public void NotANumberStaysOneWhereThereIsSuch()
    {
        Assert.Equal(0x7F, Fp8E4M3.FromSingle(BitConverter.UInt32BitsToSingle(0x7F80_0001)));
        Assert.Equal(0xFF, Fp8E4M3.FromSingle(BitConverter.UInt32BitsToSingle(0xFFC0_0000)));
        Assert.True(float.IsNaN(Fp8E4M3.ToSingle(0x7F)) && float.IsNaN(Fp8E4M3.ToSingle(0xFF)));
        Assert.Equal(0x7E, Fp8E5M2.FromSingle(BitConverter.UInt32BitsToSingle(0x7FC0_0000)));
        Assert.True(float.IsPositiveInfinity(Fp8E5M2.ToSingle(0x7C)) && float.IsNegativeInfinity(Fp8E5M2.ToSingle(0xFC)));
        Assert.All(new byte[] { 0x7D, 0x7E, 0x7F, 0xFD, 0xFE, 0xFF }, code => Assert.True(float.IsNaN(Fp8E5M2.ToSingle(code))));
    }

    private static double Formula(int code, int fractionBits, int bias)
    {
        int exponent = code >> fractionBits, fraction = code & ((1 << fractionBits) - 1);
        return exponent == 0
            ? fraction * Math.Pow(2, 1 - bias - fractionBits)
            : (1 + (fraction / (double)(1 << fractionBits))) * Math.Pow(2, exponent - bias);
    }

    private static bool Same(float a, float b) => BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b);
}
