using System.Runtime.CompilerServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>
/// Weights in blocks and Q8 activations: Σ over parts of 32 columns of d · dₓ · Σ (q − offset) · a + m · dₓ · Σ a, the sums of
/// products in integers. −offset · Σ a is where such a sum starts, since bytes are multiplied unsigned by signed (<see
/// cref="IByteDots{TInt}"/>). Sums of 16 bits wrap around on the way, but the whole of 16 columns, halves apart, is at most 8 ·
/// 127 · reach, and fits.
/// </summary>
internal readonly unsafe struct BlockProduct<TCodes, TDots, TSimd, TInt, TFloat> : IProduct<TSimd, TInt, TFloat>, IActivationForm
    where TCodes : struct, IBlockCodes
    where TDots : struct, IByteDots<TInt>
    where TSimd : struct, ISimd<TInt, TFloat>
    where TInt : struct
    where TFloat : struct
{
    public static int TileLines
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TCodes.HeaderLines + (TCodes.Parts * TCodes.PartLines);
    }

    public static int ActivationBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TCodes.Parts * PartBytes;
    }

    public static bool TakesFloats => false;

    public static ActivationLayout Layout
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TDots.Layout;
    }

    public static int Groups
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TCodes.Groups;
    }

    public static int Offset
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TCodes.Offset + TDots.Offset;
    }

    public static bool IsByHalves
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TDots.IsByHalves;
    }

    public static bool HasMinima
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TCodes.HasMinima;
    }

    private static int PartBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TDots.Bytes + 4 + (4 * TCodes.Groups);
    }

    /// <summary>Floats of a part's scales and minima.</summary>
    private static int ScaleFloats
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TCodes.HasMinima ? 32 * TCodes.Groups : 16 * TCodes.Groups;
    }

    public static void Prepare(in ActivationCall call) =>
        Q8Activations.Write<BlockProduct<TCodes, TDots, TSimd, TInt, TFloat>>(call, PartBytes);

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static TFloat One(byte* weights, byte* x, nint tiles, nint ahead, TFloat sum)
    {
        unchecked
        {
            float* scales = stackalloc float[TCodes.Parts * ScaleFloats];
            for (; tiles > 0; tiles--)
            {
                if (ahead != 0)
                {
                    TSimd.Prefetch(weights + ahead, TileLines);
                }

                TCodes.Scales<TSimd, TInt, TFloat>(weights, scales);
                weights += TCodes.HeaderLines * RowGroups.LineBytes;
                for (int part = 0; part < TCodes.Parts; part++)
                {
                    TInt first = Start(x, 0), second = TCodes.Groups == 2 ? Start(x, 1) : TSimd.Set(0);
                    first = TDots.Add(first, TCodes.Codes<TSimd, TInt, TFloat>(weights, 0), x, 0);
                    second = TDots.Add(second, TCodes.Codes<TSimd, TInt, TFloat>(weights, 4), x, 4);
                    first = TDots.Add(first, TCodes.Codes<TSimd, TInt, TFloat>(weights, 1), x, 1);
                    second = TDots.Add(second, TCodes.Codes<TSimd, TInt, TFloat>(weights, 5), x, 5);
                    first = TDots.Add(first, TCodes.Codes<TSimd, TInt, TFloat>(weights, 2), x, 2);
                    second = TDots.Add(second, TCodes.Codes<TSimd, TInt, TFloat>(weights, 6), x, 6);
                    first = TDots.Add(first, TCodes.Codes<TSimd, TInt, TFloat>(weights, 3), x, 3);
                    second = TDots.Add(second, TCodes.Codes<TSimd, TInt, TFloat>(weights, 7), x, 7);
                    sum = Scaled(first, second, scales + (part * ScaleFloats), x + TDots.Bytes, sum);
                    weights += TCodes.PartLines * RowGroups.LineBytes;
                    x += PartBytes;
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
            float* scales = stackalloc float[TCodes.Parts * ScaleFloats];
            for (; tiles > 0; tiles--)
            {
                if (ahead != 0)
                {
                    TSimd.Prefetch(weights + ahead, TileLines);
                }

                TCodes.Scales<TSimd, TInt, TFloat>(weights, scales);
                weights += TCodes.HeaderLines * RowGroups.LineBytes;
                for (int part = 0; part < TCodes.Parts; part++)
                {
                    TInt c0 = TCodes.Codes<TSimd, TInt, TFloat>(weights, 0), c1 = TCodes.Codes<TSimd, TInt, TFloat>(weights, 1);
                    TInt c2 = TCodes.Codes<TSimd, TInt, TFloat>(weights, 2), c3 = TCodes.Codes<TSimd, TInt, TFloat>(weights, 3);
                    TInt c4 = TCodes.Codes<TSimd, TInt, TFloat>(weights, 4), c5 = TCodes.Codes<TSimd, TInt, TFloat>(weights, 5);
                    TInt c6 = TCodes.Codes<TSimd, TInt, TFloat>(weights, 6), c7 = TCodes.Codes<TSimd, TInt, TFloat>(weights, 7);
                    byte* column = x;
                    float* sum = sums;
                    for (int i = 0; i < 4; i++, column += stride, sum += RowGroups.Rows)
                    {
                        TInt first = Start(column, 0), second = TCodes.Groups == 2 ? Start(column, 1) : TSimd.Set(0);
                        first = TDots.Add(first, c0, column, 0);
                        second = TDots.Add(second, c4, column, 4);
                        first = TDots.Add(first, c1, column, 1);
                        second = TDots.Add(second, c5, column, 5);
                        first = TDots.Add(first, c2, column, 2);
                        second = TDots.Add(second, c6, column, 6);
                        first = TDots.Add(first, c3, column, 3);
                        second = TDots.Add(second, c7, column, 7);
                        TSimd.Store(
                            Scaled(first, second, scales + (part * ScaleFloats), column + TDots.Bytes, TSimd.LoadFloats(sum)),
                            sum);
                    }

                    weights += TCodes.PartLines * RowGroups.LineBytes;
                    x += PartBytes;
                }
            }
        }
    }

    /// <summary>Where a group's sum starts; with minima there is no offset.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TInt Start(byte* x, int group) =>
        TSimd.Set(TCodes.HasMinima ? 0 : unchecked(((int*)(x + TDots.Bytes))[1 + group]));

    /// <summary>Adds a part's sums of products, times their scales, and its minima.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Scaled(TInt first, TInt second, float* scales, byte* tail, TFloat sum)
    {
        unchecked
        {
            var last = (float*)tail;
            TFloat d = TSimd.Set(*last);
            if (TCodes.Groups == 1)
            {
                // Of 32 columns, 16 bits hold the halves if no code reaches beyond 16.
                TInt both = TDots.IsByHalves && TCodes.Reach <= 16
                    ? TDots.Widen(TSimd.AddHalves(first, second))
                    : TSimd.Add(TDots.Widen(first), TDots.Widen(second));
                sum = TSimd.MultiplyAdd(TSimd.ToFloat(both), TSimd.Multiply(TSimd.LoadFloats(scales), d), sum);
                return TCodes.HasMinima ? TSimd.MultiplyAdd(TSimd.LoadFloats(scales + 16), TSimd.Set(last[1]), sum) : sum;
            }

            sum = TSimd.MultiplyAdd(TSimd.ToFloat(TDots.Widen(first)), TSimd.Multiply(TSimd.LoadFloats(scales), d), sum);
            sum = TSimd.MultiplyAdd(TSimd.ToFloat(TDots.Widen(second)), TSimd.Multiply(TSimd.LoadFloats(scales + 16), d), sum);
            if (TCodes.HasMinima)
            {
                sum = TSimd.MultiplyAdd(TSimd.LoadFloats(scales + 32), TSimd.Set(last[1]), sum);
                sum = TSimd.MultiplyAdd(TSimd.LoadFloats(scales + 48), TSimd.Set(last[2]), sum);
            }

            return sum;
        }
    }
}
