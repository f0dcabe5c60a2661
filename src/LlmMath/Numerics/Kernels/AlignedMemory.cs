using System.Runtime.InteropServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>Native memory aligned to a cache line; large blocks to 2 MiB, and the kernel is asked for pages of that size (some 10
/// % faster to stream). Freed when closed and no product reads it any more.</summary>
internal sealed unsafe partial class AlignedMemory : SafeHandle
{
    private const nuint LargePage = 2 << 20;
    private const int AdviceHugePages = 14;

    /// <summary>Allocates; the bytes are not cleared.</summary>
    /// <exception cref="OutOfMemoryException">There is not that much memory.</exception>
    public AlignedMemory(long bytes)
        : base(0, ownsHandle: true)
    {
        Bytes = bytes;
        bool isLarge = (nuint)bytes >= 2 * LargePage;
        void* memory = NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 1), isLarge ? LargePage : 64);
        SetHandle((nint)memory);
        if (isLarge && OperatingSystem.IsLinux())
        {
            // Advice only: a kernel that cannot follow it says so and changes nothing.
            _ = Advise(memory, (nuint)bytes & ~(LargePage - 1), AdviceHugePages);
        }

        GC.AddMemoryPressure(Math.Max(bytes, 1));
    }

    /// <summary>Its size.</summary>
    public long Bytes { get; }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The address; valid between <c>DangerousAddRef</c> and <c>DangerousRelease</c>.</summary>
    public byte* Address => (byte*)handle;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        GC.RemoveMemoryPressure(Math.Max(Bytes, 1));
        return true;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(void* address, nuint length, int advice);
}
