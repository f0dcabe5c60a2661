using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmMath.Numerics.Vectors;

/// <summary>AVX2: sixteen lanes are two registers.</summary>
internal readonly struct Avx2Lanes : ILanes
{
    public static bool IsSupported => Avx2.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Widen(Vector128<byte> x) => Vector512.Create(
        Avx2.ConvertToVector256Int32(x), Avx2.ConvertToVector256Int32(Sse2.ShiftRightLogical128BitLane(x, 8))).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Widen(Vector128<sbyte> x) => Vector512.Create(
        Avx2.ConvertToVector256Int32(x), Avx2.ConvertToVector256Int32(Sse2.ShiftRightLogical128BitLane(x, 8)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Widen(Vector256<short> x) => Vector512.Create(
        Avx2.ConvertToVector256Int32(x.GetLower()), Avx2.ConvertToVector256Int32(x.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Widen(ulong bytes)
    {
        Vector128<byte> x = Vector128.CreateScalar(bytes).AsByte();
        return Vector512.Create(
            Avx2.ConvertToVector256Int64(x), Avx2.ConvertToVector256Int64(Sse2.ShiftRightLogical128BitLane(x, 4))).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LowBytes(Vector512<uint> x) => PortableLanes.LowBytes(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong LowBytes(Vector512<ulong> x) => PortableLanes.LowBytes(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> LowHalves(Vector512<uint> x) => PortableLanes.LowHalves(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Truncate(Vector512<float> x) => Vector512.Create(
        Avx.ConvertToVector256Int32WithTruncation(x.GetLower()), Avx.ConvertToVector256Int32WithTruncation(x.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LookUp(Vector512<float> table, Vector512<uint> indices) =>
        Vector512.Create(LookUp(table, indices.GetLower().AsInt32()), LookUp(table, indices.GetUpper().AsInt32()));

    // Each half of the table by the low three bits; the fourth, moved to the sign, chooses between them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> LookUp(Vector512<float> table, Vector256<int> indices) => Avx.BlendVariable(
        Avx2.PermuteVar8x32(table.GetLower(), indices), Avx2.PermuteVar8x32(table.GetUpper(), indices),
        (indices << 28).AsSingle());
}
