using System.Runtime.CompilerServices;

namespace LlmMath.Kernels;

/// <summary>Two halves a lane, moved into the fields of floats: exact, worth 2⁻¹¹² of their value. Infinity and NaN become finite, unless asked for.</summary>
internal static class HalfBits
{
    /// <summary>Where a half shifted right by 3 lands: a float's sign, the low five bits of its exponent, the high ten of its fraction.</summary>
    private const int Fields = unchecked((int)0x8FFFE000);

    /// <summary>The lower half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Low<TSimd, TInt, TFloat>(TInt halves)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct => High<TSimd, TInt, TFloat>(TSimd.ShiftLeft(halves, 16));

    /// <summary>The upper half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat High<TSimd, TInt, TFloat>(TInt halves)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct => TSimd.AsFloat(TSimd.And(TSimd.ShiftRight(halves, 3), TSimd.Set(Fields)));

    /// <summary>The lower half; infinity and NaN stay.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat LowOrSpecial<TSimd, TInt, TFloat>(TInt halves)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct => HighOrSpecial<TSimd, TInt, TFloat>(TSimd.ShiftLeft(halves, 16));

    /// <summary>The upper half; infinity and NaN stay.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat HighOrSpecial<TSimd, TInt, TFloat>(TInt halves)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct
    {
        TInt exponent = TSimd.Set(0x7C000000);
        TInt special = TSimd.Equal(TSimd.And(halves, exponent), exponent);
        TInt moved = TSimd.And(TSimd.ShiftRight(halves, 3), TSimd.Set(Fields));
        return TSimd.AsFloat(TSimd.Or(moved, TSimd.And(special, TSimd.Set(0x7F800000))));
    }
}
