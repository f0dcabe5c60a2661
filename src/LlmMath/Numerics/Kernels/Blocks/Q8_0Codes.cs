using System.Runtime.CompilerServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>q8_0: two parts to a header of two fp16 scales; byte k of line j is column 4j + k.</summary>
internal readonly unsafe struct Q8_0Codes : IBlockCodes
{
    public static int Parts => 2;

    public static int HeaderLines => 1;

    public static int PartLines => 8;

    public static int Groups => 1;

    public static int Offset => 0;

    public static int Reach => 128;

    public static bool HasMinima => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales<TSimd, TInt, TFloat>(byte* tile, float* scales)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct => BlockScales.Pair<TSimd, TInt, TFloat>(tile, scales);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Codes<TSimd, TInt, TFloat>(byte* part, int i)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct =>
        unchecked(TSimd.Load(part + (64 * i)));
}
