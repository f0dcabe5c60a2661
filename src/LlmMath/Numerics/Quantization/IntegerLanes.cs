using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics.Quantization;

/// <summary>The vector form of <see cref="IntegerFormat"/>'s codes, sixteen at a time. Both loops give how many elements they
/// did: the rest goes by the scalar definition.</summary>
internal static class IntegerLanes
{
    private const int Width = 16;

    /// <summary>Codes of values with the inverse of their scale and their zero point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Encode<TLanes>(
        ReadOnlySpan<float> values, float inverse, int zero, int least, int greatest, int bits, Span<byte> codes)
        where TLanes : struct, ILanes
    {
        int at = 0;
        for (; at + Width <= values.Length; at += Width)
        {
            Vector512<float> scaled = (Vector512.Create(values[at..]) * inverse) + Vector512.Create((float)zero);
            Vector512<uint> q = Lanes.Clamp(Lanes.NearestInt(scaled), least, greatest).AsUInt32();
            if (bits == 8)
            {
                TLanes.LowBytes(q).CopyTo(codes[at..]);
            }
            else
            {
                // Pairs of codes as 64-bit numbers: the second goes to the byte's upper half.
                Vector512<ulong> pairs = (q & Vector512.Create(15u)).AsUInt64();
                MemoryMarshal.Write(codes[(at / 2)..], TLanes.LowBytes(pairs | (pairs >> 28)));
            }
        }

        return at;
    }

    /// <summary>Values of codes, up to where a vector has one that is too low.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Decode<TLanes>(
        ReadOnlySpan<byte> codes, float scale, int zero, int least, int bits, Span<float> values)
        where TLanes : struct, ILanes
    {
        int at = 0;
        for (; at + Width <= values.Length; at += Width)
        {
            Vector512<int> q = bits == 8
                ? TLanes.Widen(Vector128.Create(codes[at..])).AsInt32()
                : Halves(TLanes.Widen(MemoryMarshal.Read<ulong>(codes[(at / 2)..])));
            if (least < 0)
            {
                q = (q << (32 - bits)) >> (32 - bits);
                if (Vector512.LessThanAny(q, Vector512.Create(least)))
                {
                    break;
                }
            }

            (Vector512.ConvertToSingle(q - Vector512.Create(zero)) * scale).CopyTo(values[at..]);
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Halves(Vector512<ulong> bytes) =>
        (bytes | (bytes << 28)).AsInt32() & Vector512.Create(15);
}
