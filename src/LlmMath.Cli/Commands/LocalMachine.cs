using LlmMath.Architectures;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary>What was said of one's own machine; null where nothing was.</summary>
internal sealed record LocalMachine
{
    private static readonly char[] s_digits = [.. "0123456789"];

    public int? Layers { get; init; }

    public int? ExpertLayers { get; init; }

    public IReadOnlyList<string> Rules { get; init; } = [];

    public string? Host { get; init; }

    public double? Bandwidth { get; init; }

    public int? Threads { get; init; }

    public double? Link { get; init; }

    public bool WeightsStay { get; init; }

    public string? Backend { get; init; }

    public string? FlashAttention { get; init; }

    /// <summary>Whether it was said where tensors lie.</summary>
    public bool Places => Layers is not null || ExpertLayers is not null || Rules.Count > 0;

    /// <summary>What is not told apart of the rules: the second of several GPUs is a GPU like the others.</summary>
    public IEnumerable<string> Unheeded => Rules.SelectMany(text => text.Split(','))
        .Select(text => text[(text.LastIndexOf('=') + 1)..])
        .Where(device => device.Length > 1 && char.IsAsciiDigit(device[^1]) && device.TrimEnd(s_digits) + "0" != device)
        .Distinct()
        .Select(device => $"{device} of -ot is any GPU: on which of several a tensor lies is not told apart");

    /// <summary>A deployment on that machine.</summary>
    /// <exception cref="CliException">Something cannot be; the error names the option.</exception>
    public Deployment On(Deployment deployment) => deployment with
    {
        Tensors = Places ? PlacementOf() : deployment.Gpu is { IsProcessor: true } ? TensorPlacement.Host : null,
        FlashAttention = FlashAttention switch
        {
            null or "on" => true,
            "off" => false,
            var other => throw new CliException($"--flash-attention: on or off is right; it is \"{other}\"."),
        },
        Backend = Backend,
        CopiesHostWeights = !WeightsStay,
        Node = deployment.Node with
        {
            Host = Host is { } name ? Processor(name) : deployment.Node.Host,
            HostBytesPerSecond = Rate("--ram-bandwidth", Bandwidth),
            // Both directions together.
            PcieBytesPerSecond = 2 * Rate("--pcie", Link) ?? deployment.Node.PcieBytesPerSecond,
            HostThreads = Threads is not { } threads ? null : threads > 0 ? threads
                : throw new CliException($"--threads: 1 or more is needed; it is {N(threads)}."),
        },
    };

    /// <summary>What was not said and was chosen, for an answer with tensors in system memory.</summary>
    public static IEnumerable<string> Assumed(Deployment deployment)
    {
        if (deployment.Tensors is null)
        {
            yield break;
        }

        Gpu? processor = deployment.Node.Host ?? (deployment.Gpu is { IsProcessor: true } gpu ? gpu : null);
        if (deployment.Node.HostBytesPerSecond is null)
        {
            yield return processor?.BytesPerSecond is { } rate
                ? $"system memory of {N(rate / 1e9, 1)} GB/s, as one socket of {processor} has it"
                : $"system memory of {N(Node.UsualHostBytesPerSecond / 1e9, 1)} GB/s (two channels of DDR5-5600); give "
                    + "--ram-bandwidth or --host for yours";
        }

        // Two threads a core at most; a quarter more than its channels are faster modules, not a second socket.
        if (processor is not null && (deployment.Node.HostThreads > 2 * processor.Cores
            || deployment.Node.HostBytesPerSecond > 1.25 * processor.BytesPerSecond))
        {
            yield return $"the cores of one socket of {processor}: no row tells what a second one, or --numa, adds";
        }

        // Eight times as many 8-bit integers as floats is Arm's SMMLA, which rows were measured with.
        if (processor is { PeakRates: { Fp32: { } floats, Int8: { } integers } } && integers > 8 * floats)
        {
            yield return $"no AMX of {processor}: no row was measured with it; prompts may be read faster";
        }

        if (deployment.Gpu is { IsProcessor: false, PcieGeneration: null, HasUnifiedMemory: false }
            && deployment.Node.PcieBytesPerSecond is null)
        {
            yield return "sixteen lanes of PCI Express 4 between GPU and system memory";
        }
    }

    private static double? Rate(string option, double? given) => given is not { } rate ? null
        : rate is > 0 and < 1e6 ? rate * 1e9
            : throw new CliException($"{option}: above 0 GB/s is right; it is {N(rate, 1)}.");

    private TensorPlacement PlacementOf()
    {
        if (ExpertLayers is < 0)
        {
            throw new CliException($"--n-cpu-moe: 0 or more is right; it is {N(ExpertLayers.Value)}.");
        }

        TensorRule[] experts = ExpertLayers is not { } layers ? []
            : [layers == int.MaxValue ? TensorRule.AllExperts : TensorRule.ExpertsOfFirst(layers)];
        // llama.cpp tries them in the order of its command line; rules by name come first here.
        return new()
        {
            GpuLayers = Layers,
            Rules = [.. Rules.SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(TensorRule.Parse),
                .. experts],
        };
    }

    private static Gpu Processor(string name)
    {
        Gpu found = OptionWords.Speed.Named("--host", () => GpuCatalog.Load(name));
        return found.IsProcessor ? found
            : throw new CliException($"--host: {found} is a GPU; give a processor. See: llmmath gpus");
    }
}
