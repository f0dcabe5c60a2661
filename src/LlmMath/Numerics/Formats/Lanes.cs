using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmMath;

/// <summary>
/// Steps on sixteen lanes that the vector forms share. A <see cref="Vector512{T}"/> is sixteen floats on any machine: one register with
/// AVX-512, two with AVX2, four with SSE or NEON. Where the framework's own call is slow on narrower machines, the halves are taken apart here.
/// </summary>
internal static class Lanes
{
    /// <summary>The nearest integers, ties to even. Domain: |x| below 2²².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Round(Vector512<float> x)
    {
        var shift = Vector512.Create(BlockMath.RoundingShift);
        return x + shift - shift;
    }

    /// <summary>The sum of the lanes, always in the same order: halves onto halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> x)
    {
        Vector256<float> eight = x.GetLower() + x.GetUpper();
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        four += Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1));
        return four.ToScalar() + four.GetElement(1);
    }

    /// <summary>The greatest lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Max(Vector512<int> x)
    {
        Vector256<int> eight = Vector256.Max(x.GetLower(), x.GetUpper());
        Vector128<int> four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        four = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Math.Max(four.ToScalar(), four.GetElement(1));
    }

    /// <summary>The low byte of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LowBytes(Vector512<uint> x) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector128Byte(x)
        : Vector128.Narrow(
            Vector128.Narrow(x.GetLower().GetLower(), x.GetLower().GetUpper()), Vector128.Narrow(x.GetUpper().GetLower(), x.GetUpper().GetUpper()));

    /// <summary>The low 16 bits of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> LowHalves(Vector512<uint> x) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector256UInt16(x)
        : Vector256.Create(
            Vector128.Narrow(x.GetLower().GetLower(), x.GetLower().GetUpper()), Vector128.Narrow(x.GetUpper().GetLower(), x.GetUpper().GetUpper()));

    /// <summary>The low byte of each of eight lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong LowBytes(Vector512<ulong> x)
    {
        if (Avx512F.IsSupported)
        {
            return Avx512F.ConvertToVector128Byte(x).AsUInt64().ToScalar();
        }

        Vector128<uint> lower = Vector128.Narrow(x.GetLower().GetLower(), x.GetLower().GetUpper());
        Vector128<uint> upper = Vector128.Narrow(x.GetUpper().GetLower(), x.GetUpper().GetUpper());
        return Vector128.Narrow(Vector128.Narrow(lower, upper), default).AsUInt64().ToScalar();
    }

    /// <summary>Eight bytes, each in a lane of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> WidenToLong(ulong bytes)
    {
        Vector128<byte> x = Vector128.CreateScalar(bytes).AsByte();
        if (Avx512F.IsSupported)
        {
            return Avx512F.ConvertToVector512UInt64(x);
        }

        (Vector128<uint> lower, Vector128<uint> upper) = Vector128.Widen(Vector128.WidenLower(x));
        return Vector512.Create(
            Vector256.Create(Vector128.WidenLower(lower), Vector128.WidenUpper(lower)),
            Vector256.Create(Vector128.WidenLower(upper), Vector128.WidenUpper(upper)));
    }

    /// <summary>Bytes, each in a lane of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Widen(Vector128<byte> x)
    {
        if (Avx512F.IsSupported)
        {
            return Avx512F.ConvertToVector512UInt32(x);
        }

        (Vector128<ushort> lower, Vector128<ushort> upper) = Vector128.Widen(x);
        return Vector512.Create(
            Vector256.Create(Vector128.WidenLower(lower), Vector128.WidenUpper(lower)),
            Vector256.Create(Vector128.WidenLower(upper), Vector128.WidenUpper(upper)));
    }

    /// <summary>Signed bytes, each in a lane of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Widen(Vector128<sbyte> x)
    {
        if (Avx512F.IsSupported)
        {
            return Avx512F.ConvertToVector512Int32(x);
        }

        (Vector128<short> lower, Vector128<short> upper) = Vector128.Widen(x);
        return Vector512.Create(
            Vector256.Create(Vector128.WidenLower(lower), Vector128.WidenUpper(lower)),
            Vector256.Create(Vector128.WidenLower(upper), Vector128.WidenUpper(upper)));
    }

    /// <summary>16-bit numbers, each in a lane of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Widen(Vector256<ushort> x)
    {
        if (Avx512F.IsSupported)
        {
            return Avx512F.ConvertToVector512UInt32(x);
        }

        return Vector512.Create(
            Vector256.Create(Vector128.WidenLower(x.GetLower()), Vector128.WidenUpper(x.GetLower())),
            Vector256.Create(Vector128.WidenLower(x.GetUpper()), Vector128.WidenUpper(x.GetUpper())));
    }

    /// <summary>The nearest integers, ties to even. Domain: |x| below 2²².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> NearestInt(Vector512<float> x)
    {
        var shift = Vector512.Create(BlockMath.RoundingShift);
        return (x + shift).AsUInt32() - shift.AsUInt32();
    }

    /// <summary>The greatest magnitude of 32 values; NaN where any is NaN, since its bits count above infinity's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxMagnitude(Vector512<float> a, Vector512<float> b) =>
        BitConverter.Int32BitsToSingle(Max(Vector512.Max(Vector512.Abs(a).AsInt32(), Vector512.Abs(b).AsInt32())));

    /// <summary>Which of 32 values is the first of a magnitude; the bits are compared, so that a NaN is found too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FirstOfMagnitude(Vector512<float> a, Vector512<float> b, float magnitude)
    {
        var bits = Vector512.Create(BitConverter.SingleToInt32Bits(magnitude));
        ulong inA = Vector512.Equals(Vector512.Abs(a).AsInt32(), bits).ExtractMostSignificantBits();
        ulong inB = Vector512.Equals(Vector512.Abs(b).AsInt32(), bits).ExtractMostSignificantBits();
        return BitOperations.TrailingZeroCount(inA | (inB << 16));
    }

    /// <summary>Entries of a table of sixteen, by the low four bits of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LookUp(Vector512<float> table, Vector512<uint> indices)
    {
        if (Avx512F.IsSupported)
        {
            return Avx512F.PermuteVar16x32(table, indices.AsInt32());
        }

        return Avx2.IsSupported
            ? Vector512.Create(LookUp(table, indices.GetLower().AsInt32()), LookUp(table, indices.GetUpper().AsInt32()))
            : LookUpOneByOne(table, indices);
    }

    // Each half of the table by the low three bits; the fourth, moved to the sign, chooses between them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> LookUp(Vector512<float> table, Vector256<int> indices) => Avx.BlendVariable(
        Avx2.PermuteVar8x32(table.GetLower(), indices), Avx2.PermuteVar8x32(table.GetUpper(), indices), (indices << 28).AsSingle());

    private static Vector512<float> LookUpOneByOne(Vector512<float> table, Vector512<uint> indices)
    {
        Span<float> entries = stackalloc float[16], found = stackalloc float[16];
        table.CopyTo(entries);
        for (int i = 0; i < found.Length; i++)
        {
            found[i] = entries[(int)(indices[i] & 15)];
        }

        return Vector512.Create((ReadOnlySpan<float>)found);
    }

    /// <summary>Whole numbers of floats from 0 to 2²², cut off below the point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Truncate(Vector512<float> x) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector512Int32WithTruncation(x).AsUInt32()
        : Vector512.ConvertToInt32(x).AsUInt32();
}
