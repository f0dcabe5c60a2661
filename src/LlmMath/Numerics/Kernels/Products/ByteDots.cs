using System.Runtime.CompilerServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>Unsigned bytes, pairs of products summed in 16 bits, which wrap around until a group is whole.</summary>
internal readonly unsafe struct PairDots<TSimd, TInt, TFloat> : IByteDots<TInt>
    where TSimd : struct, ISimd<TInt, TFloat>
    where TInt : struct
    where TFloat : struct
{
    public static ActivationLayout Layout => ActivationLayout.Bytes;

    public static int Bytes => 32;

    public static bool IsByHalves => true;

    public static int Offset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Add(TInt sum, TInt codes, byte* x, int i) =>
        TSimd.AddHalves(sum, TSimd.MultiplyBytes(codes, TSimd.Set(unchecked(((int*)x)[i]))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Widen(TInt sum) => TSimd.SumHalves(sum);
}

/// <summary>
/// Signed bytes in pairs: |a| · (w ^ s), s = −1 where a is below 0, is w · a less |a| in these; the sum starts at Σ |a| over
/// them. A pair is at most 2 · 127 · 128 = 32,512.
/// </summary>
internal readonly unsafe struct SignedPairDots<TSimd, TInt, TFloat> : IByteDots<TInt>
    where TSimd : struct, ISimd<TInt, TFloat>
    where TInt : struct
    where TFloat : struct
{
    public static ActivationLayout Layout => ActivationLayout.Magnitudes;

    public static int Bytes => 64;

    public static bool IsByHalves => false;

    public static int Offset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Add(TInt sum, TInt codes, byte* x, int i) => TSimd.Add(
        sum, TSimd.SumHalves(
            TSimd.MultiplyBytes(TSimd.Set(unchecked(((int*)x)[i])), TSimd.Xor(codes, TSimd.Set(unchecked(((int*)x)[8 + i]))))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Widen(TInt sum) => sum;
}

/// <summary>Unsigned bytes in 16-bit lanes.</summary>
internal readonly unsafe struct HalfDots<TSimd, TInt, TFloat> : IByteDots<TInt>
    where TSimd : struct, ISimd<TInt, TFloat>
    where TInt : struct
    where TFloat : struct
{
    public static ActivationLayout Layout => ActivationLayout.Halves;

    public static int Bytes => 64;

    public static bool IsByHalves => true;

    public static int Offset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Add(TInt sum, TInt codes, byte* x, int i)
    {
        var a = (int*)x;
        TInt even = TSimd.MultiplyHalves(TSimd.And(codes, TSimd.Set(0x00FF00FF)), TSimd.Set(unchecked(a[2 * i])));
        TInt odd = TSimd.MultiplyHalves(TSimd.ShiftRightHalvesUnsigned(codes, 8), TSimd.Set(unchecked(a[(2 * i) + 1])));
        return TSimd.AddHalves(sum, TSimd.AddHalves(even, odd));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Widen(TInt sum) => TSimd.SumHalves(sum);
}

/// <summary>Signed bytes in 16-bit lanes: a pair of products is at most 2 · 127 · 128 = 32,512.</summary>
internal readonly unsafe struct SignedHalfDots<TSimd, TInt, TFloat> : IByteDots<TInt>
    where TSimd : struct, ISimd<TInt, TFloat>
    where TInt : struct
    where TFloat : struct
{
    public static ActivationLayout Layout => ActivationLayout.Halves;

    public static int Bytes => 64;

    public static bool IsByHalves => false;

    public static int Offset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Add(TInt sum, TInt codes, byte* x, int i)
    {
        var a = (int*)x;
        TInt even =
            TSimd.MultiplyHalves(TSimd.ShiftRightHalves(TSimd.ShiftLeftHalves(codes, 8), 8), TSimd.Set(unchecked(a[2 * i])));
        TInt odd = TSimd.MultiplyHalves(TSimd.ShiftRightHalves(codes, 8), TSimd.Set(unchecked(a[(2 * i) + 1])));
        return TSimd.Add(sum, TSimd.SumHalves(TSimd.AddHalves(even, odd)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Widen(TInt sum) => sum;
}
