using System.Globalization;
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

    // Of a GPU without a compute capability: Hopper's, on which most engines were timed.
    private const double Usual = 9.0;

    /// <summary>The file whose kernels a GPU runs: the one that timed it; else the one of its generation, and of several the one
    /// whose GPUs have the nearest compute capability (a generation's workstation cards have kernels of their own); null where no
    /// file names its generation. Rates have no say: a GPU that differs in them alone runs the same kernels.</summary>
    public static KernelFile? Of(Gpu gpu) =>
        All.FirstOrDefault(file => file.Profiles.Any(profile => profile.Gpu == gpu.Name))
        ?? All.Where(file => gpu.Architecture is { } architecture && file.Architectures.Contains(architecture))
            .MinBy(file => file.Profiles.Select(profile => profile.Gpu).Distinct()
                .Min(timed => (double?)Distance(gpu, timed)) ?? double.MaxValue);

    /// <summary>How far the compute capabilities of a GPU and of a timed one lie apart, and a little more where their generations
    /// have other names.</summary>
    public static double Distance(Gpu gpu, string timed) => GpuCatalog.TryFind(timed, out Gpu? other)
        ? Math.Abs(Capability(gpu) - Capability(other)) + (gpu.Architecture == other.Architecture ? 0 : 0.01)
        : double.MaxValue;

    private static double Capability(Gpu gpu) =>
        double.TryParse(gpu.ComputeCapability, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double known)
            ? known : Usual;

    private static ValueList<KernelFile> Read() =>
        [.. Resource.Names("kernels").Select(name => KernelJson.Read(Resource.Read($"kernels/{name}.json"), name))];
}
