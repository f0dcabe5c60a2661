using System.Runtime.CompilerServices;

namespace LlmMath.Kernels;

/// <summary>
/// q4_0 weights and Q8 activations: Σ over blocks of d · dₓ · Σ (q − 8) · a, the inner sum in integers. A tile is two blocks: a line of
/// scales, then four lines of codes a block, in which byte k of line j holds columns 4j + k (low) and 16 + 4j + k (high).
/// Eight products of q (0…15) and a (±127), two at a time, stay within 16 bits: 8 · 3,810 = 30,480; −8 · Σ a is where the sum starts.
/// </summary>
internal readonly unsafe struct Q4Product<TSimd, TInt, TFloat> : IProduct<TSimd, TInt, TFloat>
    where TSimd : struct, ISimd<TInt, TFloat>
    where TInt : struct
    where TFloat : struct
{
    public static int TileLines => 9;

    public static int ActivationBytes => 2 * BlockBytes;

    /// <summary>Activations of a block of 32: <see cref="Q8Activations"/>.</summary>
    private static int BlockBytes => TSimd.MultipliesBytes ? Q8Activations.BytesBytes : Q8Activations.HalvesBytes;

    public static bool TakesFloats => false;

    public static void Prepare(in ActivationCall call)
    {
        if (TSimd.MultipliesBytes)
        {
            Q8Activations.Bytes(call);
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
            for (; tiles > 0; tiles--, weights += 576)
            {
                TInt scales = TSimd.Load(weights), scale = TSimd.ShiftLeft(scales, 16);
                for (byte* codes = weights + 64; codes < weights + 576; codes += 256, x += blockBytes, scale = scales)
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
            for (; tiles > 0; tiles--, weights += 576)
            {
                TInt scales = TSimd.Load(weights), scale = TSimd.ShiftLeft(scales, 16);
                for (byte* codes = weights + 64; codes < weights + 576; codes += 256, x += blockBytes, scale = scales)
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
            TInt halves = Dot(codes, x, 0, TSimd.Set(*(int*)tail));
            halves = Dot(codes, x, 1, halves);
            halves = Dot(codes, x, 2, halves);
            halves = Dot(codes, x, 3, halves);
            TFloat products = TSimd.ToFloat(TSimd.SumHalves(halves));
            return TSimd.MultiplyAdd(products, TSimd.Multiply(scale, TSimd.Set(*(float*)(tail + 4))), sum);
        }
    }

    /// <summary>Adds line <paramref name="j"/>'s products to sums of 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TInt Dot(byte* codes, byte* x, int j, TInt sum)
    {
        unchecked
        {
            TInt pairs = TSimd.Load(codes + (64 * j));
            var a = (int*)x;
            if (TSimd.MultipliesBytes)
            {
                TInt nibble = TSimd.Set(0x0F0F0F0F);
                TInt low = TSimd.And(pairs, nibble), high = TSimd.And(TSimd.ShiftRight(pairs, 4), nibble);
                return TSimd.AddHalves(
                    TSimd.AddHalves(sum, TSimd.MultiplyBytes(low, TSimd.Set(a[j]))), TSimd.MultiplyBytes(high, TSimd.Set(a[4 + j])));
            }

            TInt mask = TSimd.Set(0x000F000F);
            TInt first = TSimd.MultiplyHalves(TSimd.And(pairs, mask), TSimd.Set(a[2 * j]));
            TInt second = TSimd.MultiplyHalves(TSimd.And(TSimd.ShiftRight(pairs, 8), mask), TSimd.Set(a[(2 * j) + 1]));
            TInt third = TSimd.MultiplyHalves(TSimd.And(TSimd.ShiftRight(pairs, 4), mask), TSimd.Set(a[8 + (2 * j)]));
            TInt fourth = TSimd.MultiplyHalves(TSimd.ShiftRightHalvesUnsigned(pairs, 12), TSimd.Set(a[9 + (2 * j)]));
            return TSimd.AddHalves(sum, TSimd.AddHalves(TSimd.AddHalves(first, second), TSimd.AddHalves(third, fourth)));
        }
    }
}
