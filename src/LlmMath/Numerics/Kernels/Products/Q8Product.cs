using System.Runtime.CompilerServices;

namespace LlmMath.Kernels;

/// <summary>
/// q8_0 weights and Q8 activations: Σ over blocks of d · dₓ · Σ w · a, the inner sum exact. A tile is two blocks: a line of scales, then
/// eight lines of codes a block; byte k of line j is column 4j + k. The byte product wants one side unsigned: |a| · (w ^ s), s = −1 where
/// a is below 0, is w · a there less |a|; the sum starts at Σ |a| over those. A pair is at most 2 · 127 · 128 = 32,512: 16 bits hold it.
/// </summary>
internal readonly unsafe struct Q8Product<TSimd, TInt, TFloat> : IProduct<TSimd, TInt, TFloat>
    where TSimd : struct, ISimd<TInt, TFloat>
    where TInt : struct
    where TFloat : struct
{
    public static int TileLines => 17;

    public static int ActivationBytes => 2 * BlockBytes;

    /// <summary>Activations of a block of 32: <see cref="Q8Activations"/>.</summary>
    private static int BlockBytes => TSimd.MultipliesBytes ? Q8Activations.MagnitudesBytes : Q8Activations.HalvesBytes;

    public static bool TakesFloats => false;

    public static void Prepare(in ActivationCall call)
    {
        if (TSimd.MultipliesBytes)
        {
            Q8Activations.Magnitudes(call);
        }
        else
        {
            Q8Activations.Halves(call);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static TFloat One(byte* weights, byte* x, nint tiles, TFloat sum)
    {
        unchecked
        {
            int blockBytes = BlockBytes;
            for (; tiles > 0; tiles--, weights += 1088)
            {
                TInt scales = TSimd.Load(weights), scale = TSimd.ShiftLeft(scales, 16);
                for (byte* codes = weights + 64; codes < weights + 1088; codes += 512, x += blockBytes, scale = scales)
                {
                    sum = Block(codes, x, x + blockBytes - 8, HalfBits.High<TSimd, TInt, TFloat>(scale), sum);
                }
            }

            return sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Four(byte* weights, byte* x, nint stride, nint tiles, float* sums)
    {
        unchecked
        {
            TFloat s0 = TSimd.LoadFloats(sums), s1 = TSimd.LoadFloats(sums + 16);
            TFloat s2 = TSimd.LoadFloats(sums + 32), s3 = TSimd.LoadFloats(sums + 48);
            int blockBytes = BlockBytes;
            for (; tiles > 0; tiles--, weights += 1088)
            {
                TInt scales = TSimd.Load(weights), scale = TSimd.ShiftLeft(scales, 16);
                for (byte* codes = weights + 64; codes < weights + 1088; codes += 512, x += blockBytes, scale = scales)
                {
                    TFloat d = HalfBits.High<TSimd, TInt, TFloat>(scale);
                    byte* tail = x + blockBytes - 8;
                    s0 = Block(codes, x, tail, d, s0);
                    s1 = Block(codes, x + stride, tail + stride, d, s1);
                    s2 = Block(codes, x + (2 * stride), tail + (2 * stride), d, s2);
                    s3 = Block(codes, x + (3 * stride), tail + (3 * stride), d, s3);
                }
            }

            TSimd.Store(s0, sums);
            TSimd.Store(s1, sums + 16);
            TSimd.Store(s2, sums + 32);
            TSimd.Store(s3, sums + 48);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Block(byte* codes, byte* x, byte* tail, TFloat scale, TFloat sum)
    {
        unchecked
        {
            TInt even = TSimd.MultipliesBytes ? TSimd.Set(*(int*)tail) : TSimd.Set(0), odd = TSimd.Set(0);
            even = TSimd.Add(even, Dot(codes, x, 0));
            odd = TSimd.Add(odd, Dot(codes, x, 1));
            even = TSimd.Add(even, Dot(codes, x, 2));
            odd = TSimd.Add(odd, Dot(codes, x, 3));
            even = TSimd.Add(even, Dot(codes, x, 4));
            odd = TSimd.Add(odd, Dot(codes, x, 5));
            even = TSimd.Add(even, Dot(codes, x, 6));
            odd = TSimd.Add(odd, Dot(codes, x, 7));
            return TSimd.MultiplyAdd(TSimd.ToFloat(TSimd.Add(even, odd)), TSimd.Multiply(scale, TSimd.Set(*(float*)(tail + 4))), sum);
        }
    }

    /// <summary>The products of line <paramref name="j"/>, in 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TInt Dot(byte* codes, byte* x, int j)
    {
        unchecked
        {
            TInt w = TSimd.Load(codes + (64 * j));
            var a = (int*)x;
            if (TSimd.MultipliesBytes)
            {
                return TSimd.SumHalves(TSimd.MultiplyBytes(TSimd.Set(a[j]), TSimd.Xor(w, TSimd.Set(a[8 + j]))));
            }

            TInt first = TSimd.MultiplyHalves(TSimd.ShiftRightHalves(TSimd.ShiftLeftHalves(w, 8), 8), TSimd.Set(a[2 * j]));
            return TSimd.SumHalves(TSimd.AddHalves(first, TSimd.MultiplyHalves(TSimd.ShiftRightHalves(w, 8), TSimd.Set(a[(2 * j) + 1]))));
        }
    }
}
