using System.Runtime.InteropServices;

namespace LlmMath.Benchmarks.Quantization;

/// <summary>Values and what they become in a format, each aligned to 64 bytes.</summary>
internal sealed unsafe class RowMemory : IDisposable
{
    public RowMemory(NumberFormat format, float[] values)
    {
        (Count, Size) = (values.Length, (int)format.ByteCount(values.Length));
        Values = (float*)NativeMemory.AlignedAlloc((nuint)Count * sizeof(float), 64);
        Bytes = (byte*)NativeMemory.AlignedAlloc((nuint)Size, 64);
        values.CopyTo(new Span<float>(Values, Count));
        format.Quantize(values, new Span<byte>(Bytes, Size));
    }

    public int Count { get; }

    public int Size { get; }

    public float* Values { get; }

    public byte* Bytes { get; }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Values);
        NativeMemory.AlignedFree(Bytes);
    }
}
