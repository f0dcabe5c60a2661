using System.Runtime.CompilerServices;

namespace LlmMath.Kernels;

/// <summary>q4_0 weights and fp32 activations: Σ over blocks of d · Σ (q − 8) · x, in floats. The tile is
/// <see cref="Q4Product{TSimd, TInt, TFloat}"/>'s; with its top bit flipped a code is q − 8 in two's complement.</summary>
internal readonly unsafe struct Q4FloatProduct<TSimd, TInt, TFloat> : IProduct<TSimd, TInt, TFloat>
    where TSimd : struct, ISimd<TInt, TFloat>
    where TInt : struct
    where TFloat : struct
{
    public static int TileLines => 9;

    public static int ActivationBytes => 64 * sizeof(float);

    public static bool TakesFloats => false;

    public static void Prepare(in ActivationCall call) => FloatActivations.Scale(call);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static TFloat One(byte* weights, byte* x, nint tiles, TFloat sum)
    {
        unchecked
        {
            TFloat odd = TSimd.Set(0f);
            for (; tiles > 0; tiles--, weights += 576, x += ActivationBytes)
            {
                TInt scales = TSimd.Load(weights);
                sum = Block(weights + 64, (float*)x, HalfBits.Low<TSimd, TInt, TFloat>(scales), sum);
                odd = Block(weights + 320, (float*)x + 32, HalfBits.High<TSimd, TInt, TFloat>(scales), odd);
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
            for (int line = 0; line < 4; line++, codes += 64, x += 4)
            {
                TInt w = TSimd.Xor(TSimd.Load(codes), TSimd.Set(unchecked((int)0x88888888)));
                s0 = Add(TSimd.ShiftLeft(w, 28), x[0], s0);
                s1 = Add(TSimd.ShiftLeft(w, 24), x[16], s1);
                s2 = Add(TSimd.ShiftLeft(w, 20), x[1], s2);
                s3 = Add(TSimd.ShiftLeft(w, 16), x[17], s3);
                s0 = Add(TSimd.ShiftLeft(w, 12), x[2], s0);
                s1 = Add(TSimd.ShiftLeft(w, 8), x[18], s1);
                s2 = Add(TSimd.ShiftLeft(w, 4), x[3], s2);
                s3 = Add(w, x[19], s3);
            }

            return TSimd.MultiplyAdd(TSimd.Add(TSimd.Add(s0, s1), TSimd.Add(s2, s3)), scale, sum);
        }
    }

    /// <summary>Adds the code in a lane's top four bits, times x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Add(TInt code, float x, TFloat sum) =>
        TSimd.MultiplyAdd(TSimd.ToFloat(TSimd.ShiftRight(code, 28)), TSimd.Set(x), sum);
}
