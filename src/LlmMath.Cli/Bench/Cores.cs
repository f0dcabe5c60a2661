using System.Runtime.InteropServices;

namespace LlmMath.Cli.Bench;

/// <summary>Pins threads to cores, on Linux; elsewhere the system places them.</summary>
internal static partial class Cores
{
    private const int MaskWords = 16;

    /// <summary>The cores that this process may use, in order, as they were when it started.</summary>
    public static int[] Allowed { get; } = Read();

    /// <summary>Pins the calling thread to the core of that number among those allowed.</summary>
    public static void PinCaller(int number) => Pin(0, number);

    /// <summary>Pins a thread of this process.</summary>
    /// <param name="thread">Its system id; 0 for the caller's.</param>
    /// <param name="number">Of the cores allowed; wraps around.</param>
    public static unsafe void Pin(int thread, int number)
    {
        if (OperatingSystem.IsLinux() && Allowed.Length > 0)
        {
            int core = Allowed[number % Allowed.Length];
            ulong* mask = stackalloc ulong[MaskWords];
            new Span<ulong>(mask, MaskWords).Clear();
            mask[core / 64] = 1UL << (core % 64);
            _ = SetAffinity(thread, MaskWords * sizeof(ulong), mask);
        }
    }

    /// <summary>The ids of this process's threads.</summary>
    public static HashSet<int> Threads() => OperatingSystem.IsLinux()
        ? [.. Directory.GetDirectories("/proc/self/task")
            .Select(path => int.Parse(Path.GetFileName(path), System.Globalization.CultureInfo.InvariantCulture))]
        : [];

    private static unsafe int[] Read()
    {
        if (!OperatingSystem.IsLinux())
        {
            return [.. Enumerable.Range(0, Environment.ProcessorCount)];
        }

        ulong* mask = stackalloc ulong[MaskWords];
        new Span<ulong>(mask, MaskWords).Clear();
        _ = GetAffinity(0, MaskWords * sizeof(ulong), mask);
        var cores = new List<int>();
        for (int core = 0; core < MaskWords * 64; core++)
        {
            if ((mask[core / 64] >> (core % 64) & 1) != 0)
            {
                cores.Add(core);
            }
        }

        return [.. cores];
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int SetAffinity(int thread, nint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int GetAffinity(int thread, nint bytes, ulong* mask);
}
