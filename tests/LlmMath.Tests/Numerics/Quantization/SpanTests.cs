using System.Runtime.InteropServices;

namespace LlmMath.Tests.Numerics.Quantization;

/// <summary>What holds for every format by name: lengths, rest blocks, overlap, misaligned spans, no allocation.</summary>
public class SpanTests
{
    public static TheoryData<string> Names => [.. NumberFormats.All.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void AnyLengthComesBack(string name)
    {
        NumberFormat format = NumberFormats.Find(name);
        foreach (int length in Enumerable.Range(0, 70).Concat([127, 128, 129, 255, 256, 257, 300, 511, 513, 1000, 16_385]))
        {
            float[] values = new float[length], decoded = new float[length];
            UnitNormals.Fill(values, seed: length);
            byte[] bytes = new byte[format.ByteCount(length)];
            format.Quantize(values, bytes);
            format.Dequantize(bytes, decoded);
            float greatest = values.Select(MathF.Abs).DefaultIfEmpty().Max();
            Assert.All(values.Zip(decoded), pair => Assert.InRange(MathF.Abs(pair.First - pair.Second), 0, 0.45f * greatest));
        }
    }

    // Scales of scales may round up to infinity there: what is quantized must not be refused afterwards.
    [Theory]
    [MemberData(nameof(Names))]
    public void WhatIsQuantizedNearTheLargestFloatIsDequantizedToo(string name)
    {
        NumberFormat format = NumberFormats.Find(name);
        float[] magnitudes = [float.MaxValue, 1e38f, 2e38f, 3e38f, 1.7014118e38f, MathF.BitDecrement(float.MaxValue), 0, 1];
        foreach (float first in magnitudes)
        {
            foreach (float second in magnitudes)
            {
                float[] values = [.. Enumerable.Repeat(first, 64), .. Enumerable.Repeat(-second, 64)];
                byte[] bytes = new byte[format.ByteCount(values.Length)];
                if (Record.Exception(() => format.Quantize(values, bytes)) is null)
                {
                    format.Dequantize(bytes, values);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AWrongNumberOfBytesIsRefusedAndNamed(string name)
    {
        NumberFormat format = NumberFormats.Find(name);
        int right = (int)format.ByteCount(100);
        foreach (int wrong in new[] { 0, right - 1, right + 1 })
        {
            Assert.Equal("b",
                Assert.Throws<ArgumentException>(() => format.Quantize(new float[100], new byte[wrong])).ParamName![..1]);
            Assert.Equal("b",
                Assert.Throws<ArgumentException>(() => format.Dequantize(new byte[wrong], new float[100])).ParamName![..1]);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => format.ByteCount(-1));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SpansThatOverlapAreRefused(string name)
    {
        NumberFormat format = NumberFormats.Find(name);
        float[] memory = new float[512];
        int count = (int)format.ByteCount(256);
        Assert.Throws<ArgumentException>(() =>
            format.Quantize(memory.AsSpan(0, 256), MemoryMarshal.AsBytes(memory.AsSpan()).Slice(1000, count)));
        Assert.Throws<ArgumentException>(() =>
            format.Dequantize(MemoryMarshal.AsBytes(memory.AsSpan()).Slice(8, count), memory.AsSpan(0, 256)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void MisalignedSpansGiveTheSame(string name)
    {
        NumberFormat format = NumberFormats.Find(name);
        const int Length = 512;
        float[] values = new float[Length], decoded = new float[Length];
        UnitNormals.Fill(values);
        byte[] bytes = new byte[format.ByteCount(Length)];
        format.Quantize(values, bytes);
        format.Dequantize(bytes, decoded);

        byte[] shiftedBytes = new byte[bytes.Length + 3], shiftedFloats = new byte[(Length * 4) + 1];
        Span<float> floats = MemoryMarshal.Cast<byte, float>(shiftedFloats.AsSpan(1));
        values.CopyTo(floats);
        format.Quantize(floats, shiftedBytes.AsSpan(3));
        Assert.Equal(bytes, shiftedBytes[3..]);
        format.Dequantize(shiftedBytes.AsSpan(3), floats);
        Assert.Equal(decoded, floats.ToArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NothingBeyondTheSpansIsWritten(string name)
    {
        NumberFormat format = NumberFormats.Find(name);
        float[] values = new float[1000], decoded = [.. Enumerable.Repeat(7f, 1032)];
        UnitNormals.Fill(values);
        int count = (int)format.ByteCount(1000);
        byte[] bytes = [.. Enumerable.Repeat((byte)0xA5, count + 128)];
        format.Quantize(values, bytes.AsSpan(64, count));
        format.Dequantize(bytes.AsSpan(64, count), decoded.AsSpan(16, 1000));
        Assert.All(bytes[..64].Concat(bytes[(64 + count)..]), b => Assert.Equal(0xA5, b));
        Assert.All(decoded[..16].Concat(decoded[1016..]), f => Assert.Equal(7f, f));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NothingIsAllocated(string name)
    {
        NumberFormat format = NumberFormats.Find(name);
        float[] values = new float[1000];
        UnitNormals.Fill(values);
        byte[] bytes = new byte[format.ByteCount(1000)];
        Assert.Equal(0, Allocation.Least(RoundTrip));

        void RoundTrip()
        {
            format.Quantize(values, bytes);
            format.Dequantize(bytes, values);
        }
    }
}
