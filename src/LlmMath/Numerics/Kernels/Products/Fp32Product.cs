using System.Runtime.CompilerServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>fp32 weights: a line is one column. Four sums run side by side, since an addition waits for the one before
/// it.</summary>
internal readonly unsafe struct Fp32Product<TSimd, TInt, TFloat> : IProduct<TSimd, TInt, TFloat>
    where TSimd : struct, ISimd<TInt, TFloat>
    where TInt : struct
    where TFloat : struct
{
    public static int TileLines => 8;

    public static int ActivationBytes => 8 * sizeof(float);

    public static bool TakesFloats => true;

    public static void Prepare(in ActivationCall call) => FloatActivations.Copy(call);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static TFloat One(byte* weights, byte* x, nint tiles, nint ahead, TFloat sum)
    {
        unchecked
        {
            TFloat s1 = TSimd.Set(0f), s2 = s1, s3 = s1;
            for (; tiles > 0; tiles--, weights += 512, x += 32)
            {
                var w = (float*)weights;
                if (ahead != 0)
                {
                    TSimd.Prefetch(weights + ahead, TileLines);
                }

                var v = (float*)x;
                sum = TSimd.MultiplyAdd(TSimd.LoadFloats(w), TSimd.Set(v[0]), sum);
                s1 = TSimd.MultiplyAdd(TSimd.LoadFloats(w + 16), TSimd.Set(v[1]), s1);
                s2 = TSimd.MultiplyAdd(TSimd.LoadFloats(w + 32), TSimd.Set(v[2]), s2);
                s3 = TSimd.MultiplyAdd(TSimd.LoadFloats(w + 48), TSimd.Set(v[3]), s3);
                sum = TSimd.MultiplyAdd(TSimd.LoadFloats(w + 64), TSimd.Set(v[4]), sum);
                s1 = TSimd.MultiplyAdd(TSimd.LoadFloats(w + 80), TSimd.Set(v[5]), s1);
                s2 = TSimd.MultiplyAdd(TSimd.LoadFloats(w + 96), TSimd.Set(v[6]), s2);
                s3 = TSimd.MultiplyAdd(TSimd.LoadFloats(w + 112), TSimd.Set(v[7]), s3);
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
            for (nint column = 0; column < tiles * 8; column++, weights += 64, x += 4)
            {
                if (ahead != 0)
                {
                    TSimd.Prefetch(weights + ahead, lines: 1);
                }

                TFloat w = TSimd.LoadFloats((float*)weights);
                s0 = TSimd.MultiplyAdd(w, TSimd.Set(*(float*)x), s0);
                s1 = TSimd.MultiplyAdd(w, TSimd.Set(*(float*)(x + stride)), s1);
                s2 = TSimd.MultiplyAdd(w, TSimd.Set(*(float*)(x + (2 * stride))), s2);
                s3 = TSimd.MultiplyAdd(w, TSimd.Set(*(float*)(x + (3 * stride))), s3);
            }

            TSimd.Store(s0, sums);
            TSimd.Store(s1, sums + 16);
            TSimd.Store(s2, sums + 32);
            TSimd.Store(s3, sums + 48);
        }
    }
}
