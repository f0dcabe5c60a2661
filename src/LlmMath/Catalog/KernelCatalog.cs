using LlmMath.Engines.Json;
using LlmMath.Engines.Kernels;

namespace LlmMath;

/// <summary>What kernels reach, by generation of GPUs. The files of catalog/kernels lie compressed in the library and
/// are read when somebody asks: as generated code their tables would be several times as large.</summary>
internal static class KernelCatalog
{
    private static readonly Lazy<ValueList<KernelFile>> s_all = new(Read);

    /// <summary>Every file, by name.</summary>
    public static ValueList<KernelFile> All => s_all.Value;

    /// <summary>The file whose kernels a GPU runs: the one that timed it; else the one of its generation, and of several the
    /// one
    /// whose timed GPUs are nearest in bandwidth (a generation's workstation cards have kernels of their own); null where no
    /// file names its generation.</summary>
    public static KernelFile? Of(Gpu gpu)
    {
        KernelFile? nearest = null;
        double least = double.PositiveInfinity;
        foreach (KernelFile file in All)
        {
            if (file.Profiles.Any(profile => profile.Gpu == gpu.Name))
            {
                return file;
            }

            if (gpu.Architecture is { } architecture && file.Architectures.Contains(architecture)
                && Distance(gpu, file) is double distance && distance < least)
            {
                (nearest, least) = (file, distance);
            }
        }

        return nearest;
    }

    /// <summary>How far the bandwidths of a GPU and of a timed one lie apart: the absolute logarithm of their
    /// ratio.</summary>
    public static double Distance(Gpu gpu, string timed) => GpuCatalog.TryFind(timed, out Gpu? other)
        ? Math.Abs(Math.Log((gpu.BytesPerSecond ?? 1) / (other.BytesPerSecond ?? 1)))
        : double.MaxValue;

    private static double Distance(Gpu gpu, KernelFile file) => file.Profiles.Count == 0
        ? double.MaxValue
        : file.Profiles.Select(profile => profile.Gpu).Distinct().Min(timed => Distance(gpu, timed));

    private static ValueList<KernelFile> Read() =>
        [.. Resource.Names("kernels").Select(name => KernelJson.Read(Resource.Read($"kernels/{name}.json"), name))];
}
