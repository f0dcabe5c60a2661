namespace LlmMath;

/// <summary>What a serving engine really reaches, fitted to published measurements.</summary>
public sealed record EngineProfile
{
    /// <summary>The entry's name, in lower case with hyphens: <c>vllm</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The name as people write it: <c>vLLM</c>.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The most tokens of one prefill pass; null where a prompt is read whole.</summary>
    public int? PassTokens { get; init; }

    /// <summary>Whether requests come and go in a running batch, so that the prefill of some falls between the tokens of
    /// others.</summary>
    public bool IsContinuous { get; init; }

    /// <summary>Whether its products of 16-bit floats are summed in 16 bits, for which GeForce cards have a rate of their
    /// own.</summary>
    public bool SumsInHalf { get; init; }

    /// <summary>Whether attention writes its scores to memory: no flash attention.</summary>
    public bool WritesScores { get; init; }

    /// <summary>Whether prefill multiplies by 16-bit copies that it makes of packed weights.</summary>
    public bool UnpacksWeights { get; init; }

    /// <summary>Whether activations are rounded to 8 bits, so that packed weights are multiplied as 8-bit integers.</summary>
    public bool QuantizesActivations { get; init; }

    /// <summary>Kernel launches that a stage of a pipeline can have pending; null where nothing limits them.</summary>
    public int? QueuedLaunches { get; init; }

    /// <summary>The share of a GPU's memory that it takes, 0 to 1.</summary>
    public double MemoryShare { get; init; } = 1;

    /// <summary>Memory of each GPU that activations and runtime take of it, in gibibytes; at most a sixteenth of its
    /// memory.</summary>
    public double ReservedGibibytes { get; init; }

    /// <summary>What it reaches, by generation of hardware; the first is the nearest to hardware that is not listed.</summary>
    public required ValueList<EngineGeneration> Generations { get; init; }

    /// <summary>The release whose constants the generations hold; null where releases are not told apart.</summary>
    public string? Version { get; init; }

    /// <summary>The releases that are told apart, the newest first.</summary>
    public ValueList<EngineRelease> Releases { get; init; } = [];

    /// <summary>Where the measurements were read.</summary>
    public ValueList<string> Sources { get; init; } = [];

    /// <summary>What a reader should know; null where there is nothing.</summary>
    public string? Note { get; init; }

    /// <summary>No engine but the hardware's bound: every peak is reached, nothing else takes time.</summary>
    internal static EngineProfile Bound { get; } = new()
    {
        Name = "bound",
        DisplayName = "bound",
        Generations =
        [
            new EngineGeneration
            {
                Architecture = "any",
                Vendor = "any",
                FittedOn = "nothing",
                Constants = EngineConstants.Bound,
                FirstToken = new(1, 1),
                InterToken = new(1, 1),
            },
        ],
    };

    /// <summary>The engine as a release reaches it.</summary>
    /// <param name="version">One of <see cref="Releases"/>.</param>
    /// <exception cref="ArgumentException">No release of it is known by that version.</exception>
    public EngineProfile At(string version)
    {
        ValueList<double> to = FactorsOf(version);
        if (Version is null || version == Version)
        {
            return this;
        }

        ValueList<double> from = FactorsOf(Version);
        return this with
        {
            Version = version,
            Generations = [.. Generations.Select(g => g with { Constants = g.Constants.Times(to, from) })],
        };
    }

    private ValueList<double> FactorsOf(string version) => Releases.FirstOrDefault(release => release.Version == version)?.Factors
        ?? throw new ArgumentException(Releases.Count == 0 ? $"{Name}: its releases are not told apart."
            : $"{Name}: {version} is none of its releases that were measured: {string.Join(", ", Releases)}.", nameof(version));

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>An engine on one generation of hardware.</summary>
public sealed record EngineGeneration
{
    /// <summary>The hardware's architecture as <see cref="Gpu.Architecture"/> names it; <c>any</c> for the bound.</summary>
    public required string Architecture { get; init; }

    /// <summary>Who makes it, as <see cref="Gpu.Vendor"/> names it: hardware that is not listed borrows from its own
    /// vendor's.</summary>
    public required string Vendor { get; init; }

    /// <summary>Entries of the GPU catalog whose measurements are among the rows.</summary>
    public ValueList<string> Gpus { get; init; } = [];

    /// <summary>Rows it was fitted on; 0 where it is borrowed.</summary>
    public int Rows { get; init; }

    /// <summary>What the rows are, in words.</summary>
    public required string FittedOn { get; init; }

    /// <summary>What it reaches.</summary>
    public required EngineConstants Constants { get; init; }

    /// <summary>Measured ÷ expected time to the first token on rows left out of the fit: the 10th percentile, and the
    /// 90th.</summary>
    public required Spread FirstToken { get; init; }

    /// <summary>Measured ÷ expected time between tokens on rows left out of the fit: the 10th percentile, and the 90th.</summary>
    public required Spread InterToken { get; init; }
}
