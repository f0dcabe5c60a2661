using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace LlmMath.Numerics;

/// <summary>The paths of this processor.</summary>
public static class KernelPaths
{
    /// <summary>The widest path that this processor has; chosen once, at start.</summary>
    public static KernelPath Best { get; } =
        IsSupported(KernelPath.Vector512) ? KernelPath.Vector512
        : IsSupported(KernelPath.Vnni) ? KernelPath.Vnni
        : IsSupported(KernelPath.Vector256) ? KernelPath.Vector256
        : KernelPath.Portable;

    /// <summary>The paths that this processor has, the portable one first.</summary>
    public static IReadOnlyList<KernelPath> Supported { get; } = [.. Enum.GetValues<KernelPath>().Where(IsSupported)];

    /// <summary>Whether this processor has a path.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such path.</exception>
    public static bool IsSupported(KernelPath path) => path switch
    {
        // A vector of more than 16 floats (2,048-bit SVE) does not exist on any processor that .NET runs on; it would not fit a
        // tile.
        KernelPath.Portable => Vector<float>.Count <= 16,
        KernelPath.Vector256 => Avx2.IsSupported && Fma.IsSupported,
        KernelPath.Vector512 => Avx512F.IsSupported && Avx512BW.IsSupported,
        KernelPath.Vnni =>
#if NET10_0_OR_GREATER
            AvxVnni.IsSupported && IsSupported(KernelPath.Vector256),
#else
            false,
#endif
        _ => throw new ArgumentOutOfRangeException(nameof(path), path, "No such path."),
    };
}
