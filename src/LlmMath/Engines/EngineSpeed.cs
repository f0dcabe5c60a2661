using LlmMath.Basics;

namespace LlmMath.Engines;

/// <summary>What an engine really reaches, fitted to published measurements.</summary>
public sealed record EngineSpeed
{
    /// <summary>Whether requests come and go in a running batch, so that the prefill of some falls between the tokens of
    /// others.</summary>
    public bool IsContinuous { get; init; }

    /// <summary>Whether prompts are read in passes of their own, between those that write; else a pass does both.</summary>
    public bool ReadsPromptsApart { get; init; }

    /// <summary>The engine whose timed kernels it runs, as <c>catalog/kernels</c> names it; null where a roofline stands for
    /// them.</summary>
    public string? Kernels { get; init; }

    /// <summary>Whether its products of 16-bit floats are summed in 16 bits, for which GeForce cards have a rate of their
    /// own.</summary>
    public bool SumsInHalf { get; init; }

    /// <summary>Whether attention writes its scores to memory: no flash attention.</summary>
    public bool WritesScores { get; init; }

    /// <summary>Whether prefill multiplies by 16-bit copies that it makes of packed weights.</summary>
    public bool UnpacksWeights { get; init; }

    /// <summary>Whether activations are rounded to 8 bits, so that packed weights are multiplied as 8-bit integers.</summary>
    public bool QuantizesActivations { get; init; }

    /// <summary>Whether experts in system memory are copied to the GPU only where each has tokens enough, not where the pass
    /// has.</summary>
    public bool CopiesExpertsByUse { get; init; }

    /// <summary>Whether layers with a window attend to the whole context, what lies beyond being masked.</summary>
    public bool AttendsBeyondWindows { get; init; }

    /// <summary>Kernel launches that a stage of a pipeline can have pending; null where nothing limits them.</summary>
    public int? QueuedLaunches { get; init; }

    /// <summary>Microseconds of the host that each sequence adds to a step whose drafts are checked, since the next step is not
    /// scheduled ahead then; null where it adds none.</summary>
    public double? DraftedSequenceMicroseconds { get; init; }

    /// <summary>Requests that a server runs at once where tokens are drafted, unless it is started with another limit; null where
    /// drafts change nothing.</summary>
    public int? DraftedRequests { get; init; }

    /// <summary>The release that is usual on the hardware of each vendor, where releases are backends that it is built for; empty
    /// where they are versions, or one was named.</summary>
    public ValueList<EngineBackend> Backends { get; init; } = [];

    /// <summary>The kernels that it multiplies by on processors, the first that fits counting; empty where they are not
    /// known.</summary>
    public ValueList<ProcessorKernel> ProcessorKernels { get; init; } = [];

    /// <summary>The same of flash attention on processors, by the formats of the cache; without flash attention products with the
    /// cache are tiled. Empty where they are not known.</summary>
    public ValueList<ProcessorKernel> ProcessorAttention { get; init; } = [];

    /// <summary>Tokens that attention reads the cache for at once, the first line that fits counting; empty where its kernels
    /// keep what they read in the chip.</summary>
    public ValueList<PromptRows> PromptRows { get; init; } = [];

    /// <summary>Servers that send tokens to their experts alone; null where all gather them everywhere.</summary>
    public ExpertExchange? AllToAll { get; init; }

    /// <summary>What it reaches, by generation of hardware; the first is the nearest to hardware that is not listed.</summary>
    public required ValueList<EngineGeneration> Generations { get; init; }

    /// <summary>The release whose constants the generations hold; null where one set of constants stands for all.</summary>
    public string? Version { get; init; }

    /// <summary>The releases that were measured apart, the newest first.</summary>
    public ValueList<EngineRelease> Releases { get; init; } = [];

    /// <summary>Where the measurements were read.</summary>
    public ValueList<string> Sources { get; init; } = [];

    /// <summary>What a reader should know; null where there is nothing.</summary>
    public string? Note { get; init; }

    /// <summary>What was measured on a machine of one's own; empty unless it was calibrated.</summary>
    internal ValueList<OwnTime> Own { get; init; } = [];

    /// <summary>A number that is another where a constant is: measured times are told beside those of one profile (FNV-1a of the
    /// constants' bits).</summary>
    internal string Fingerprint
    {
        get
        {
            ulong hash = 14_695_981_039_346_656_037;
            foreach (double value in Generations.SelectMany(generation => generation.Constants.Values)
                .Concat(Releases.SelectMany(release => release.Factors)))
            {
                hash = unchecked((hash ^ (ulong)BitConverter.DoubleToInt64Bits(value)) * 1_099_511_628_211);
            }

            return hash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The speed of a release.</summary>
    /// <param name="version">One of <see cref="Releases"/>.</param>
    /// <param name="engine">The engine's name, for the error.</param>
    /// <exception cref="EstimateException">No release of it is known by that version.</exception>
    internal EngineSpeed At(string version, string engine)
    {
        ValueList<double> to = FactorsOf(version, engine);
        if (Version is null || version == Version)
        {
            return Backends.Count == 0 ? this : this with { Backends = [] };
        }

        ValueList<double> from = FactorsOf(Version, engine);
        return this with
        {
            Version = version,
            Backends = [],
            Generations = [.. Generations.Select(g => g with { Constants = g.Constants.Times(to, from) })],
        };
    }

    /// <summary>The backend that is usual on a GPU; null where releases are none.</summary>
    /// <param name="gpu">The GPU.</param>
    public string? UsualBackend(Gpu gpu)
    {
        string maker = gpu.IsProcessor ? EngineBackend.Processors : gpu.Vendor;
        return Backends.FirstOrDefault(other => other.Vendor == maker)?.Version;
    }

    /// <summary>Tokens of a prompt that attention reads the cache for at once; null where that is not limited.</summary>
    /// <param name="backend">The backend; null for the usual one.</param>
    /// <param name="gpu">The GPU.</param>
    internal int? PromptRowsOf(string? backend, Gpu gpu)
    {
        string? release = backend ?? UsualBackend(gpu) ?? Version;
        foreach (PromptRows rows in PromptRows)
        {
            if (rows.Release == release && (rows.Vendor is null || rows.Vendor == gpu.Vendor))
            {
                return rows.Rows;
            }
        }

        return null;
    }

    /// <summary>The speed with a backend on a GPU: the one that is named, or the usual one of the GPU's vendor.</summary>
    /// <exception cref="ArgumentException">The backend is none of the engine's that were measured.</exception>
    internal EngineSpeed With(string? backend, Gpu gpu, string engine)
    {
        if (backend is not null && Releases.All(release => release.Version != backend))
        {
            throw new ArgumentException(Releases.Count == 0 ? $"Backend: {engine} was measured with no backends apart."
                : $"Backend: \"{backend}\" is none of {engine}'s that were measured: {string.Join(", ", Releases)}.",
                    nameof(backend));
        }

        // What is usual on one vendor's hardware alone runs on no other's; Vulkan is on several, and runs on all.
        EngineBackend[] owners = [.. Backends.Where(other => other.Version == backend)];
        if (owners.Length == 1 && UsualBackend(gpu) is { } usual && usual != backend)
        {
            string owner = owners[0].Vendor == EngineBackend.Processors ? "processors" : $"{owners[0].Vendor}'s GPUs";
            throw new ArgumentException($"Backend: {backend} runs on {owner} alone; on {gpu} {usual} is usual.", nameof(backend));
        }

        return (backend ?? UsualBackend(gpu)) is { } release ? At(release, engine) : this;
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(EngineSpeed), PrintMembers);

    private ValueList<double> FactorsOf(string version, string engine) =>
        Releases.FirstOrDefault(release => release.Version == version)?.Factors
        ?? throw new EstimateException("Version", Releases.Count == 0
            ? $"of {engine} one set of constants stands for all its releases."
            : $"{version} is none of the releases of {engine} that were measured: {string.Join(", ", Releases)}.");
}
