using System.Numerics;
using System.Runtime.CompilerServices;
using TFloat = System.Numerics.Vector<float>;
using TInt = System.Numerics.Vector<int>;

namespace LlmMath.Numerics.Kernels;

/// <summary>The reference everywhere: <see cref="Vector{T}"/>, as wide as the runtime makes it (at most 16 lanes here, see
/// <see cref="KernelPaths"/>).</summary>
internal readonly unsafe struct SimdPortable : ISimd<TInt, TFloat>
{
    public static int Lanes => TInt.Count;

    public static bool MultipliesBytes => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Load(byte* source) => Unsafe.ReadUnaligned<TInt>(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat LoadFloats(float* source) => Unsafe.ReadUnaligned<TFloat>(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(TFloat value, float* destination) => Unsafe.WriteUnaligned(destination, value);

    /// <summary>Nothing: there is no portable way to ask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* line, int lines)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Set(int value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Set(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt And(TInt a, TInt b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Or(TInt a, TInt b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Xor(TInt a, TInt b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Equal(TInt a, TInt b) => Vector.Equals(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt ShiftLeft(TInt value, int bits) => value << bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt ShiftRight(TInt value, int bits) => value >> bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Add(TInt a, TInt b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Multiply(TInt a, TInt b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt AddHalves(TInt a, TInt b) => Int((Vector<short>)a + (Vector<short>)b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt MultiplyHalves(TInt a, TInt b) => Int((Vector<short>)a * (Vector<short>)b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt ShiftLeftHalves(TInt value, int bits) => Int((Vector<short>)value << bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt ShiftRightHalves(TInt value, int bits) => Int((Vector<short>)value >> bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt ShiftRightHalvesUnsigned(TInt value, int bits) => Int((Vector<short>)value >>> bits);

    /// <summary>Written for completeness of the set: no kernel calls it, since <see cref="MultipliesBytes"/> is false.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt MultiplyBytes(TInt unsigned, TInt signed)
    {
        TInt low = MultiplyHalves(
            ShiftRightHalvesUnsigned(ShiftLeftHalves(unsigned, 8), 8), ShiftRightHalves(ShiftLeftHalves(signed, 8), 8));
        return AddHalves(low, MultiplyHalves(ShiftRightHalvesUnsigned(unsigned, 8), ShiftRightHalves(signed, 8)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt SumHalves(TInt value) => (value << 16 >> 16) + (value >> 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat ToFloat(TInt value) => Vector.ConvertToSingle(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat AsFloat(TInt bits) => (TFloat)bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Add(TFloat a, TFloat b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Multiply(TFloat a, TFloat b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat MultiplyAdd(TFloat a, TFloat b, TFloat sum) =>
#if NET9_0_OR_GREATER
        Vector.MultiplyAddEstimate(a, b, sum);
#else
        (a * b) + sum;
#endif

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TInt Int(Vector<short> halves) => (TInt)halves;
}
