using System.Runtime.CompilerServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>16-bit floats: a line is two columns. A power of two that <typeparamref name="THalves"/> leaves out is in the
/// activations and the result.</summary>
internal readonly unsafe struct HalfProduct<THalves, TSimd, TInt, TFloat> : IProduct<TSimd, TInt, TFloat>
    where THalves : struct, IHalves
    where TSimd : struct, ISimd<TInt, TFloat>
    where TInt : struct
    where TFloat : struct
{
    public static int TileLines => 4;

    public static int ActivationBytes => 8 * sizeof(float);

    public static bool TakesFloats => !THalves.AreScaled;

    public static void Prepare(in ActivationCall call)
    {
        if (THalves.AreScaled)
        {
            FloatActivations.Scale(call);
        }
        else
        {
            FloatActivations.Copy(call);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static TFloat One(byte* weights, byte* x, nint tiles, nint ahead, TFloat sum)
    {
        unchecked
        {
            TFloat s1 = TSimd.Set(0f), s2 = s1, s3 = s1;
            for (; tiles > 0; tiles--, weights += 256, x += 32)
            {
                if (ahead != 0)
                {
                    TSimd.Prefetch(weights + ahead, TileLines);
                }

                var v = (float*)x;
                TInt a = TSimd.Load(weights), b = TSimd.Load(weights + 64);
                TInt c = TSimd.Load(weights + 128), d = TSimd.Load(weights + 192);
                sum = TSimd.MultiplyAdd(Low(a), TSimd.Set(v[0]), sum);
                s1 = TSimd.MultiplyAdd(High(a), TSimd.Set(v[1]), s1);
                s2 = TSimd.MultiplyAdd(Low(b), TSimd.Set(v[2]), s2);
                s3 = TSimd.MultiplyAdd(High(b), TSimd.Set(v[3]), s3);
                sum = TSimd.MultiplyAdd(Low(c), TSimd.Set(v[4]), sum);
                s1 = TSimd.MultiplyAdd(High(c), TSimd.Set(v[5]), s1);
                s2 = TSimd.MultiplyAdd(Low(d), TSimd.Set(v[6]), s2);
                s3 = TSimd.MultiplyAdd(High(d), TSimd.Set(v[7]), s3);
            }

            return TSimd.Add(TSimd.Add(sum, s1), TSimd.Add(s2, s3));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Four(byte* weights, byte* x, nint stride, nint tiles, nint ahead, float* sums)
    {
        unchecked
        {
            TFloat s0 = TSimd.LoadFloats(sums), s1 = TSimd.LoadFloats(sums + 16);
            TFloat s2 = TSimd.LoadFloats(sums + 32), s3 = TSimd.LoadFloats(sums + 48);
            for (nint pair = 0; pair < tiles * 4; pair++, weights += 64, x += 8)
            {
                if (ahead != 0)
                {
                    TSimd.Prefetch(weights + ahead, lines: 1);
                }

                TInt bits = TSimd.Load(weights);
                TFloat low = Low(bits), high = High(bits);
                s0 = Pair(low, high, x, s0);
                s1 = Pair(low, high, x + stride, s1);
                s2 = Pair(low, high, x + (2 * stride), s2);
                s3 = Pair(low, high, x + (3 * stride), s3);
            }

            TSimd.Store(s0, sums);
            TSimd.Store(s1, sums + 16);
            TSimd.Store(s2, sums + 32);
            TSimd.Store(s3, sums + 48);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Pair(TFloat low, TFloat high, byte* x, TFloat sum) =>
        TSimd.MultiplyAdd(high, TSimd.Set(((float*)x)[1]), TSimd.MultiplyAdd(low, TSimd.Set(*(float*)x), sum));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Low(TInt bits) => THalves.Low<TSimd, TInt, TFloat>(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat High(TInt bits) => THalves.High<TSimd, TInt, TFloat>(bits);
}
