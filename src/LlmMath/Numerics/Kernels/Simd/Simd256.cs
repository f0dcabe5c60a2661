using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TFloat = System.Runtime.Intrinsics.Vector256<float>;
using TInt = System.Runtime.Intrinsics.Vector256<int>;

namespace LlmMath.Numerics.Kernels;

/// <summary>AVX2 and FMA: 8 rows a vector.</summary>
internal readonly unsafe struct Simd256 : ISimd<TInt, TFloat>
{
    public static int Lanes => 8;

    public static bool MultipliesBytes => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Load(byte* source) => Vector256.Load((int*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat LoadFloats(float* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(TFloat value, float* destination) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* line, int lines)
    {
        for (int i = 0; i < lines; i++)
        {
            Sse.Prefetch0(unchecked(line + (64 * i)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Set(int value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Set(float value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt And(TInt a, TInt b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Or(TInt a, TInt b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Xor(TInt a, TInt b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Equal(TInt a, TInt b) => Vector256.Equals(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt ShiftLeft(TInt value, int bits) => value << bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt ShiftRight(TInt value, int bits) => value >> bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Add(TInt a, TInt b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Multiply(TInt a, TInt b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt AddHalves(TInt a, TInt b) => (a.AsInt16() + b.AsInt16()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt MultiplyHalves(TInt a, TInt b) => (a.AsInt16() * b.AsInt16()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt ShiftLeftHalves(TInt value, int bits) => (value.AsInt16() << bits).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt ShiftRightHalves(TInt value, int bits) => (value.AsInt16() >> bits).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt ShiftRightHalvesUnsigned(TInt value, int bits) => (value.AsInt16() >>> bits).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt MultiplyBytes(TInt unsigned, TInt signed) =>
        Avx2.MultiplyAddAdjacent(unsigned.AsByte(), signed.AsSByte()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt SumHalves(TInt value) => Avx2.MultiplyAddAdjacent(value.AsInt16(), Vector256<short>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat ToFloat(TInt value) => Vector256.ConvertToSingle(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat AsFloat(TInt bits) => bits.AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Add(TFloat a, TFloat b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Multiply(TFloat a, TFloat b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat MultiplyAdd(TFloat a, TFloat b, TFloat sum) => Fma.MultiplyAdd(a, b, sum);
}
