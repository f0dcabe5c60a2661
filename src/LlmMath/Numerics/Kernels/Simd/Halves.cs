using System.Runtime.CompilerServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>bf16: the upper half of a float.</summary>
internal readonly struct Bf16Halves : IHalves
{
    public static bool AreScaled => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Low<TSimd, TInt, TFloat>(TInt halves)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct => TSimd.AsFloat(TSimd.ShiftLeft(halves, 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat High<TSimd, TInt, TFloat>(TInt halves)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct => TSimd.AsFloat(TSimd.And(halves, TSimd.Set(unchecked((int)0xFFFF0000))));
}

/// <summary>Finite fp16, moved into the fields of a float: exact, worth 2⁻¹¹² of its value. Infinity and NaN would become
/// finite.</summary>
internal readonly struct Fp16Halves : IHalves
{
    /// <summary>Where a half shifted right by 3 lands: a float's sign, the low five bits of its exponent, the high ten of its
    /// fraction.</summary>
    private const int Fields = unchecked((int)0x8FFFE000);

    public static bool AreScaled => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Low<TSimd, TInt, TFloat>(TInt halves)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct => High<TSimd, TInt, TFloat>(TSimd.ShiftLeft(halves, 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat High<TSimd, TInt, TFloat>(TInt halves)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct => TSimd.AsFloat(Moved<TSimd, TInt, TFloat>(halves));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TInt Moved<TSimd, TInt, TFloat>(TInt halves)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct => TSimd.And(TSimd.ShiftRight(halves, 3), TSimd.Set(Fields));
}

/// <summary>Any fp16: infinity and NaN keep what they are, at twice the work.</summary>
internal readonly struct AnyFp16Halves : IHalves
{
    public static bool AreScaled => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Low<TSimd, TInt, TFloat>(TInt halves)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct => High<TSimd, TInt, TFloat>(TSimd.ShiftLeft(halves, 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat High<TSimd, TInt, TFloat>(TInt halves)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct
    {
        TInt exponent = TSimd.Set(0x7C000000);
        TInt special = TSimd.Equal(TSimd.And(halves, exponent), exponent);
        TInt moved = Fp16Halves.Moved<TSimd, TInt, TFloat>(halves);
        return TSimd.AsFloat(TSimd.Or(moved, TSimd.And(special, TSimd.Set(0x7F800000))));
    }
}
