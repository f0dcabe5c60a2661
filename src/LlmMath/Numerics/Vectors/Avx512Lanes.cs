using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmMath.Numerics.Vectors;

/// <summary>AVX-512 F: sixteen lanes are one register.</summary>
internal readonly struct Avx512Lanes : ILanes
{
    public static bool IsSupported => Avx512F.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Widen(Vector128<byte> x) => Avx512F.ConvertToVector512UInt32(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Widen(Vector128<sbyte> x) => Avx512F.ConvertToVector512Int32(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Widen(Vector256<short> x) => Avx512F.ConvertToVector512Int32(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Widen(ulong bytes) =>
        Avx512F.ConvertToVector512UInt64(Vector128.CreateScalar(bytes).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LowBytes(Vector512<uint> x) => Avx512F.ConvertToVector128Byte(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong LowBytes(Vector512<ulong> x) => Avx512F.ConvertToVector128Byte(x).AsUInt64().ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> LowHalves(Vector512<uint> x) => Avx512F.ConvertToVector256UInt16(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Truncate(Vector512<float> x) => Avx512F.ConvertToVector512Int32WithTruncation(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LookUp(Vector512<float> table, Vector512<uint> indices) =>
        Avx512F.PermuteVar16x32(table, indices.AsInt32());
}
