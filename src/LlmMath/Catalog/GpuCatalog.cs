using System.Diagnostics.CodeAnalysis;
using LlmMath.Hardware;
using LlmMath.Interchange.Json;

namespace LlmMath;

/// <summary>Accelerators by name. Each entry is compiled from a JSON file of the catalog, and made when it is asked
/// for.</summary>
public static partial class GpuCatalog
{
    /// <summary>Every entry.</summary>
    public static ValueList<Gpu> All => Entries.All;

    /// <summary>The accelerator of a name: an entry's, or as nvidia-smi and people write it. Case, spaces and hyphens do not
    /// matter, nor words such as NVIDIA, GeForce, AMD, Radeon or GPU, nor its memory at the end: <c>RTX 4090 24GB</c>.</summary>
    /// <param name="name"><c>a100-sxm-80gb</c>, <c>NVIDIA A100-SXM4-80GB</c>.</param>
    /// <exception cref="UnknownNameException">There is no such accelerator; the error lists the nearest.</exception>
    public static Gpu Find(string name) => TryFind(name, out Gpu? gpu) ? gpu : Entries.Find(name);

    /// <summary>The accelerator of a name, as for <see cref="Find"/>, if there is one.</summary>
    /// <param name="name"><c>a100-sxm-80gb</c>, <c>NVIDIA A100-SXM4-80GB</c>.</param>
    /// <param name="gpu">The accelerator.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryFind(string name, [NotNullWhen(true)] out Gpu? gpu)
    {
        if (!Entries.TryFind(name, GpuName.Plain, out gpu) && GpuName.WithoutMemory(name) is { } apart
            && Entries.TryFind(apart.Name, GpuName.Plain, out Gpu? found) && found.Memory?.Bytes is { } bytes
            && (Math.Round(bytes / 1e9) == apart.Gigabytes || Math.Round(bytes / (double)(1 << 30)) == apart.Gigabytes))
        {
            gpu = found;
        }

        return gpu is not null;
    }

    /// <summary>The processor of a name as its system prints it, if the catalog has it.</summary>
    /// <param name="name"><c>AMD Ryzen 9 7950X 16-Core Processor</c>, <c>13th Gen Intel(R) Core(TM) i9-13900K</c>.</param>
    /// <param name="processor">The processor.</param>
    public static bool TryFindProcessor(string name, [NotNullWhen(true)] out Gpu? processor)
    {
        ArgumentNullException.ThrowIfNull(name);
        string asked = ProcessorName.Plain(name);
        Gpu[] same = [.. All.Where(gpu => gpu.IsProcessor
            && gpu.Aliases.Append(gpu.DisplayName).Append(gpu.Name).Any(other => ProcessorName.Plain(other) == asked))];
        processor = same.Length == 1 ? same[0] : null;
        return processor is not null;
    }

    /// <summary>The accelerator of a name, or of a definition file of one's own; the catalog comes first where both are
    /// there.</summary>
    /// <param name="pathOrName"><c>a100-sxm-80gb</c>, or the path of a <c>*.gpu.json</c>.</param>
    /// <exception cref="UnknownNameException">It is neither an entry nor a file; the error lists the nearest.</exception>
    /// <exception cref="DefinitionException">The file is malformed, or a field is missing, unknown or wrong: names file and
    /// field.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be opened.</exception>
    public static Gpu Load(string pathOrName) => TryFind(pathOrName, out Gpu? gpu) ? gpu
        : OwnFile.Load(Entries, pathOrName, ".gpu.json", GpuJson.Read);

    /// <summary>The accelerator that a definition file describes.</summary>
    /// <param name="stream">The file's bytes, UTF-8; read to the end, at most 16 MiB. It is left open.</param>
    /// <param name="name">The accelerator's name, which errors give too.</param>
    /// <exception cref="DefinitionException">The text is malformed, or a field is missing, unknown or wrong: names the
    /// field.</exception>
    public static Gpu Read(Stream stream, string name) => OwnFile.Read(stream, name, name, GpuJson.Read);
}
