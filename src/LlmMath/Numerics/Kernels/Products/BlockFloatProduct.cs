using System.Runtime.CompilerServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>
/// Weights in blocks and fp32 activations: Σ over parts of 32 columns of d · Σ (q − offset) · x, or of Σ (d · q + m) · x, in
/// floats. A byte becomes a float where it stands: under the exponent of 2²³ the lowest byte of a lane is worth its units, under
/// that of 2¹⁵ the next; the power of two and the offset are subtracted, all of it exactly.
/// </summary>
internal readonly unsafe struct BlockFloatProduct<TCodes, TSimd, TInt, TFloat> : IProduct<TSimd, TInt, TFloat>
    where TCodes : struct, IBlockCodes
    where TSimd : struct, ISimd<TInt, TFloat>
    where TInt : struct
    where TFloat : struct
{
    private const int LowBits = 0x4B000000, HighBits = 0x47000000;
    private const float LowPower = 1 << 23, HighPower = 1 << 15;

    public static int TileLines
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TCodes.HeaderLines + (TCodes.Parts * TCodes.PartLines);
    }

    public static int ActivationBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TCodes.Parts * 32 * sizeof(float);
    }

    public static bool TakesFloats => false;

    /// <summary>The bit to flip (XOR) in a signed byte to make it an unsigned one; 0 where bytes are unsigned already.</summary>
    private static int Sign
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TCodes.Reach > 32 ? 0x80 : 0;
    }

    private static int Offset
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TCodes.Offset + Sign;
    }

    private static int ScaleFloats
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 16 * TCodes.Groups * (TCodes.HasMinima ? 2 : 1);
    }

    public static void Prepare(in ActivationCall call) => FloatActivations.Scale(call);

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static TFloat One(byte* weights, byte* x, nint tiles, nint ahead, TFloat sum)
    {
        unchecked
        {
            float* scales = stackalloc float[TCodes.Parts * ScaleFloats];
            var v = (float*)x;
            for (; tiles > 0; tiles--)
            {
                if (ahead != 0)
                {
                    TSimd.Prefetch(weights + ahead, TileLines);
                }

                TCodes.Scales<TSimd, TInt, TFloat>(weights, scales);
                weights += TCodes.HeaderLines * RowGroups.LineBytes;
                for (int part = 0; part < TCodes.Parts; part++, v += 32, weights += TCodes.PartLines * RowGroups.LineBytes)
                {
                    sum = Part(weights, v, scales + (part * ScaleFloats), sum);
                }
            }

            return sum;
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Four(byte* weights, byte* x, nint stride, nint tiles, nint ahead, float* sums)
    {
        unchecked
        {
            for (nint column = 0; column < 4; column++, x += stride, sums += 16)
            {
                TSimd.Store(One(weights, x, tiles, ahead, TSimd.LoadFloats(sums)), sums);
            }
        }
    }

    /// <summary>Adds the products of a part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Part(byte* part, float* x, float* scales, TFloat sum)
    {
        unchecked
        {
            TFloat none = TSimd.Set(0f), s0 = none, s1 = none, s2 = none, s3 = none;
            TFloat d = TSimd.LoadFloats(scales), m = TCodes.HasMinima ? TSimd.LoadFloats(scales + (16 * TCodes.Groups)) : d;
            Four(part, 0, x, d, m, ref s0, ref s1, ref s2, ref s3);
            Four(part, 1, x, d, m, ref s0, ref s1, ref s2, ref s3);
            Four(part, 2, x, d, m, ref s0, ref s1, ref s2, ref s3);
            Four(part, 3, x, d, m, ref s0, ref s1, ref s2, ref s3);
            if (TCodes.Groups == 2)
            {
                sum = Scaled(s0, s1, s2, s3, d, sum);
                (s0, s1, s2, s3) = (none, none, none, none);
                (d, m) = (TSimd.LoadFloats(scales + 16), TCodes.HasMinima ? TSimd.LoadFloats(scales + 48) : d);
            }

            Four(part, 4, x, d, m, ref s0, ref s1, ref s2, ref s3);
            Four(part, 5, x, d, m, ref s0, ref s1, ref s2, ref s3);
            Four(part, 6, x, d, m, ref s0, ref s1, ref s2, ref s3);
            Four(part, 7, x, d, m, ref s0, ref s1, ref s2, ref s3);
            return Scaled(s0, s1, s2, s3, d, sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Scaled(TFloat s0, TFloat s1, TFloat s2, TFloat s3, TFloat d, TFloat sum)
    {
        TFloat all = TSimd.Add(TSimd.Add(s0, s1), TSimd.Add(s2, s3));
        return TCodes.HasMinima ? TSimd.Add(all, sum) : TSimd.MultiplyAdd(all, d, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(
        byte* part, int i, float* x, TFloat d, TFloat m, ref TFloat s0, ref TFloat s1, ref TFloat s2, ref TFloat s3)
    {
        unchecked
        {
            TInt codes = TCodes.Codes<TSimd, TInt, TFloat>(part, i), upper = TSimd.ShiftRight(codes, 16);
            x += 4 * i;
            s0 = TSimd.MultiplyAdd(Weight(Low(codes), d, m), TSimd.Set(x[0]), s0);
            s1 = TSimd.MultiplyAdd(Weight(High(codes), d, m), TSimd.Set(x[1]), s1);
            s2 = TSimd.MultiplyAdd(Weight(Low(upper), d, m), TSimd.Set(x[2]), s2);
            s3 = TSimd.MultiplyAdd(Weight(High(upper), d, m), TSimd.Set(x[3]), s3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Weight(TFloat code, TFloat d, TFloat m) => TCodes.HasMinima ? TSimd.MultiplyAdd(code, d, m) : code;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Low(TInt codes) => TSimd.Add(
        TSimd.AsFloat(TSimd.Xor(TSimd.And(codes, TSimd.Set(0xFF)), TSimd.Set(LowBits | Sign))), TSimd.Set(-LowPower - Offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat High(TInt codes) => TSimd.Add(
        TSimd.AsFloat(TSimd.Xor(TSimd.And(codes, TSimd.Set(0xFF00)), TSimd.Set(HighBits | (Sign << 8)))),
        TSimd.Set(-HighPower - Offset));
}
