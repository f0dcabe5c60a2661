using System.Runtime.CompilerServices;

namespace LlmMath.Kernels;

/// <summary>q8_0 weights and fp32 activations: Σ over blocks of d · Σ w · x, in floats. The tile is <see cref="Q8Product{TSimd, TInt, TFloat}"/>'s.
/// </summary>
internal readonly unsafe struct Q8FloatProduct<TSimd, TInt, TFloat> : IProduct<TSimd, TInt, TFloat>
    where TSimd : struct, ISimd<TInt, TFloat>
    where TInt : struct
    where TFloat : struct
{
    public static int TileLines => 17;

    public static int ActivationBytes => 64 * sizeof(float);

    public static bool TakesFloats => false;

    public static void Prepare(in ActivationCall call) => FloatActivations.Scale(call);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static TFloat One(byte* weights, byte* x, nint tiles, TFloat sum)
    {
        unchecked
        {
            TFloat odd = TSimd.Set(0f);
            for (; tiles > 0; tiles--, weights += 1088, x += ActivationBytes)
            {
                TInt scales = TSimd.Load(weights);
                sum = Block(weights + 64, (float*)x, HalfBits.Low<TSimd, TInt, TFloat>(scales), sum);
                odd = Block(weights + 576, (float*)x + 32, HalfBits.High<TSimd, TInt, TFloat>(scales), odd);
            }

            return TSimd.Add(sum, odd);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Four(byte* weights, byte* x, nint stride, nint tiles, float* sums)
    {
        unchecked
        {
            for (nint column = 0; column < 4; column++, x += stride, sums += 16)
            {
                TSimd.Store(One(weights, x, tiles, TSimd.LoadFloats(sums)), sums);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Block(byte* codes, float* x, TFloat scale, TFloat sum)
    {
        unchecked
        {
            TFloat s0 = TSimd.Set(0f), s1 = s0, s2 = s0, s3 = s0;
            for (int line = 0; line < 8; line++, codes += 64, x += 4)
            {
                TInt w = TSimd.Load(codes);
                s0 = TSimd.MultiplyAdd(TSimd.ToFloat(TSimd.ShiftRight(TSimd.ShiftLeft(w, 24), 24)), TSimd.Set(x[0]), s0);
                s1 = TSimd.MultiplyAdd(TSimd.ToFloat(TSimd.ShiftRight(TSimd.ShiftLeft(w, 16), 24)), TSimd.Set(x[1]), s1);
                s2 = TSimd.MultiplyAdd(TSimd.ToFloat(TSimd.ShiftRight(TSimd.ShiftLeft(w, 8), 24)), TSimd.Set(x[2]), s2);
                s3 = TSimd.MultiplyAdd(TSimd.ToFloat(TSimd.ShiftRight(w, 24)), TSimd.Set(x[3]), s3);
            }

            return TSimd.MultiplyAdd(TSimd.Add(TSimd.Add(s0, s1), TSimd.Add(s2, s3)), scale, sum);
        }
    }
}
