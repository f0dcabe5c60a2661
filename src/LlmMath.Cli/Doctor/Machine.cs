using LlmMath.Numerics;

namespace LlmMath.Cli.Doctor;

/// <summary>How this machine is looked at; a test gives its own.</summary>
internal sealed record MachineEyes
{
    // A program of the system answers in tenths of a second; Python's engines take some to load.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5), s_engineLimit = TimeSpan.FromSeconds(10);

    /// <summary>Runs a program.</summary>
    public Func<string, string[], ProgramAnswer> Run { get; init; } = (name, arguments) => Programs.Run(name, arguments, s_limit);

    /// <summary>Runs an engine, to be told its version.</summary>
    public Func<string, string[], ProgramAnswer> RunEngine { get; init; } =
        (name, arguments) => Programs.Run(name, arguments, s_engineLimit);

    /// <summary>The path of a program; null where there is none.</summary>
    public Func<string, string?> Find { get; init; } = Programs.Find;

    /// <summary>The text of a file of the system; null where it cannot be read.</summary>
    public Func<string, string?> Read { get; init; } = Text;

    /// <summary>The processor as it was measured a moment ago; null where it cannot be.</summary>
    public Func<HostMachine?> Measure { get; init; } = Measured;

    /// <summary>Bytes of memory that this process may take.</summary>
    public long MemoryBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    private static string? Text(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static HostMachine? Measured()
    {
        try
        {
            using var workers = new KernelWorkers(Math.Clamp(Environment.ProcessorCount, 1, KernelWorkers.MostThreads));
            return HostMachine.Measure(workers: workers);
        }
        catch (Exception problem) when (problem is OutOfMemoryException or ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>A GPU that is there, and the catalog's entry of it.</summary>
/// <param name="Seen">What names it.</param>
/// <param name="Entry">The catalog's; null where the name is not found.</param>
/// <param name="Count">How many of it.</param>
internal sealed record FoundGpu(SeenGpu Seen, Gpu? Entry, int Count);

/// <summary>An engine that is there.</summary>
/// <param name="Name">The engine, or the program that runs it.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Version">What it says of itself; null where it says nothing.</param>
internal sealed record FoundEngine(string Name, string Path, string? Version);

/// <summary>What this machine is, as far as it could be found out.</summary>
internal sealed record Machine
{
    // Programs, the engine that each is, and what asks for its version.
    private static readonly (string Program, string Engine, string Argument)[] s_engines =
    [
        ("llama-server", "llama.cpp", "--version"), ("llama-cli", "llama.cpp", "--version"), ("ollama", "ollama", "--version"),
        ("vllm", "vllm", "--version"), ("sglang", "sglang", "version"), ("trtllm-serve", "tensorrt-llm", "--version"),
        ("mlx_lm.generate", "mlx", "--version"), ("lms", "LM Studio", "version"),
    ];

    private const int MostCards = 8;

    // Drivers keep some of it.
    private const double NearMemory = 0.06;

    public string? ProcessorName { get; init; }

    public Gpu? Processor { get; init; }

    public HostMachine? Measured { get; init; }

    public long MemoryBytes { get; init; }

    /// <summary>Operations on 32-bit floats a second that its cores and clock come to.</summary>
    public double Operations { get; init; }

    public IReadOnlyList<FoundGpu> Gpus { get; init; } = [];

    public IReadOnlyList<FoundEngine> Engines { get; init; } = [];

    /// <summary>What could not be found out, each a sentence.</summary>
    public IReadOnlyList<string> NotFound { get; init; } = [];

    /// <summary>Looks at the machine.</summary>
    public static Machine Of(MachineEyes eyes)
    {
        var missing = new List<string>();
        string cpuinfo = eyes.Read("/proc/cpuinfo") ?? "";
        string? name = (SystemTexts.Processor(cpuinfo) ?? Asked(eyes, missing, "sysctl", "-n", "machdep.cpu.brand_string")
            ?? SystemTexts.Registry(Asked(eyes, missing, "reg", "query",
                @"HKLM\HARDWARE\DESCRIPTION\System\CentralProcessor\0", "/v", "ProcessorNameString") ?? ""))?.Trim();
        Gpu? processor = name is not null && GpuCatalog.TryFindProcessor(name, out Gpu? found) ? found : null;
        if (processor is null)
        {
            missing.Add(name is null ? "the processor's name"
                : $"what the processor \"{name}\" can do: the catalog has no entry of it; its cores, 32 operations a "
                    + "cycle each, and the bandwidth that was measured stand for it");
        }

        HostMachine? measured = eyes.Measure();
        if (measured is null)
        {
            missing.Add("memory's bandwidth: it could not be measured");
        }

        return new()
        {
            ProcessorName = name,
            Processor = processor,
            Measured = measured,
            MemoryBytes = eyes.MemoryBytes,
            Operations = SystemTexts.Operations(cpuinfo),
            Gpus = GpusOf(eyes, missing),
            Engines = [.. s_engines.Select(known => EngineOf(eyes, missing, known)).OfType<FoundEngine>()],
            NotFound = missing,
        };
    }

    private static FoundGpu[] GpusOf(MachineEyes eyes, List<string> missing)
    {
        List<SeenGpu> seen =
        [
            .. SystemTexts.NvidiaSmi(Asked(eyes, missing, "nvidia-smi", "--query-gpu=name,memory.total,driver_version",
                "--format=csv,noheader,nounits") ?? ""),
            .. SystemTexts.RocmSmi(
                Asked(eyes, missing, "rocm-smi", "--showproductname", "--showmeminfo", "vram", "--json") ?? ""),
            .. SystemTexts.SystemProfiler(Asked(eyes, missing, "system_profiler", "SPDisplaysDataType", "-json") ?? ""),
        ];
        bool hasNvidia = seen.Any(gpu => gpu.From == "nvidia-smi"), hasAmd = seen.Any(gpu => gpu.From == "rocm-smi");
        seen.AddRange(SystemTexts.Lspci(Asked(eyes, missing, "lspci", "-mm") ?? "").Where(gpu =>
            !(hasNvidia && gpu.Name.StartsWith("NVIDIA", StringComparison.Ordinal))
            && !(hasAmd && gpu.Name.StartsWith("AMD", StringComparison.Ordinal))));
        // A board whose GPU is no device of PCI Express: NVIDIA's Jetson.
        seen.AddRange(seen.Count == 0 ? SystemTexts.Board(eyes.Read("/proc/device-tree/model") ?? "") : []);
        FoundGpu[] found = [.. seen.GroupBy(gpu => gpu.Name)
            .Select(same => new FoundGpu(same.First(), EntryOf(same.First(), eyes), same.Count()))];
        missing.AddRange(found.Where(gpu => gpu.Entry is null)
            .Select(gpu => $"what {gpu.Seen.Name} can do: the catalog has no entry of that name"));
        if (found.Length == 0)
        {
            missing.Add("any GPU: neither nvidia-smi nor rocm-smi nor lspci names one");
        }

        return found;
    }

    // lspci names a chip, "Radeon RX 7900 XT/7900 XTX": of the cards that have it, the only one with as much memory as the
    // driver of the first such card tells (kernel.org, Documentation/gpu/amdgpu/driver-misc.rst, mem_info_vram_total).
    private static Gpu? EntryOf(SeenGpu seen, MachineEyes eyes)
    {
        if (GpuCatalog.TryFind(seen.Name, out Gpu? entry))
        {
            return entry.IsProcessor ? null : entry;
        }

        long? memory = seen.MemoryBytes ?? Enumerable.Range(0, MostCards)
            .Select(card => eyes.Read($"/sys/class/drm/card{card}/device/mem_info_vram_total") ?? "")
            .Select(SystemTexts.Bytes).FirstOrDefault(bytes => bytes > 0);
        Gpu[] same = [.. SystemTexts.Alternatives(seen.Name)
            .Select(name => GpuCatalog.TryFind(name, out Gpu? card) ? card : null).OfType<Gpu>()
            .Where(card => memory is { } bytes && card.Memory is { } has
                && Math.Abs(((double)bytes / has.Bytes) - 1) < NearMemory)];
        return same.Length == 1 ? same[0] : null;
    }

    private static FoundEngine? EngineOf(
        MachineEyes eyes, List<string> missing, (string Program, string Engine, string Argument) known)
    {
        if (eyes.Find(known.Program) is not { } path)
        {
            return null;
        }

        ProgramAnswer answer = eyes.RunEngine(known.Program, [known.Argument]);
        missing.AddRange(answer.Problem is { } problem ? [$"the version of {known.Program}: {problem}"] : []);
        return new(known.Engine, path, SystemTexts.Version(answer.Output ?? ""));
    }

    private static string? Asked(MachineEyes eyes, List<string> missing, string program, params string[] arguments)
    {
        ProgramAnswer answer = eyes.Run(program, arguments);
        missing.AddRange(answer.Problem is { } problem ? [$"what {program} knows: {problem}"] : []);
        return answer.Output;
    }
}
