using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmMath.Numerics.Vectors;

/// <summary>Any processor: sixteen lanes as the framework has them, four of them at a time.</summary>
internal readonly struct PortableLanes : ILanes
{
    public static bool IsSupported => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Widen(Vector128<byte> x)
    {
        (Vector128<ushort> lower, Vector128<ushort> upper) = Vector128.Widen(x);
        return Widen(Vector256.Create(lower, upper).AsInt16()).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Widen(Vector128<sbyte> x)
    {
        (Vector128<short> lower, Vector128<short> upper) = Vector128.Widen(x);
        return Widen(Vector256.Create(lower, upper));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Widen(Vector256<short> x) => Vector512.Create(
        Vector256.Create(Vector128.WidenLower(x.GetLower()), Vector128.WidenUpper(x.GetLower())),
        Vector256.Create(Vector128.WidenLower(x.GetUpper()), Vector128.WidenUpper(x.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Widen(ulong bytes)
    {
        (Vector128<uint> lower, Vector128<uint> upper) =
            Vector128.Widen(Vector128.WidenLower(Vector128.CreateScalar(bytes).AsByte()));
        return Vector512.Create(
            Vector256.Create(Vector128.WidenLower(lower), Vector128.WidenUpper(lower)),
            Vector256.Create(Vector128.WidenLower(upper), Vector128.WidenUpper(upper)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LowBytes(Vector512<uint> x)
    {
        Vector256<ushort> halves = LowHalves(x);
        return Vector128.Narrow(halves.GetLower(), halves.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong LowBytes(Vector512<ulong> x)
    {
        Vector128<uint> lower = Vector128.Narrow(x.GetLower().GetLower(), x.GetLower().GetUpper());
        Vector128<uint> upper = Vector128.Narrow(x.GetUpper().GetLower(), x.GetUpper().GetUpper());
        return Vector128.Narrow(Vector128.Narrow(lower, upper), default).AsUInt64().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> LowHalves(Vector512<uint> x) => Vector256.Create(
        Vector128.Narrow(x.GetLower().GetLower(), x.GetLower().GetUpper()),
        Vector128.Narrow(x.GetUpper().GetLower(), x.GetUpper().GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Truncate(Vector512<float> x) => Vector512.ConvertToInt32(x);

    public static Vector512<float> LookUp(Vector512<float> table, Vector512<uint> indices)
    {
        Span<float> entries = stackalloc float[16], found = stackalloc float[16];
        table.CopyTo(entries);
        for (int i = 0; i < found.Length; i++)
        {
            found[i] = entries[(int)(indices[i] & 15)];
        }

        return Vector512.Create((ReadOnlySpan<float>)found);
    }
}
