using System.CommandLine;
using LlmMath.Architectures;

namespace LlmMath.Cli.Commands;

/// <summary>Options of one's own machine, which <c>memory</c> and <c>speed</c> share: where tensors lie, the processor, and how
/// the engine was built.</summary>
internal sealed class LocalOptions
{
    private readonly Option<int?> _layers = new("--ngl", "-ngl")
    {
        Description = "Layers on the GPU, the head as one more; the others in system memory.", HelpName = "N",
    };

    private readonly Option<int?> _expertLayers = new("--n-cpu-moe")
    {
        Description = "First layers whose experts lie in system memory.", HelpName = "N",
    };

    private readonly Option<bool> _allExperts = new("--cpu-moe") { Description = "All experts lie in system memory." };

    private readonly Option<string[]> _rules = new("-ot", "--override-tensor")
    {
        Description =
            "Where tensors lie whose GGUF names match a regular expression: exps=CPU; of several the first that matches.",
        HelpName = "PATTERN=DEVICE",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _host = new("--host")
    {
        Description = "The processor, by name, that multiplies what lies in system memory: one socket of it.", HelpName = "CPU",
    };

    private readonly Option<double?> _bandwidth = new("--ram-bandwidth")
    {
        Description = "Gigabytes a second of system memory, as measured or as its channels give; two channels of DDR5-5600 "
            + "unless given.",
        HelpName = "GB/s",
    };

    private readonly Option<int?> _threads = new("--threads") { Description = "Threads that multiply.", HelpName = "N" };

    private readonly Option<string?> _backend = new("--backend")
    {
        Description = "What llama.cpp was built for, of those that were measured: cuda, rocm, vulkan, metal, cpu; the usual of "
            + "the GPU's vendor unless given.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _flash = new("--flash-attention")
    {
        Description = "on or off; on unless given.", HelpName = "on|off",
    };

    private readonly Option<bool> _stay = new("--no-op-offload", "-nopo", "--run-time-repack", "-rtr")
    {
        Description = "No GPU copies weights of system memory to read prompts: the processor multiplies, as with weights that "
            + "ik_llama.cpp repacks.",
    };

    private readonly Option<double?> _link = new("--pcie")
    {
        Description = "Gigabytes a second of the link between GPU and system memory, one direction (4.0 x8: 16); the GPU's own "
            + "unless given.",
        HelpName = "GB/s",
    };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All =>
        [_layers, _expertLayers, _allExperts, _rules, _stay, _host, _bandwidth, _threads, _link, _backend, _flash];

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in All)
        {
            command.Add(option);
        }
    }

    /// <summary>What was said.</summary>
    public LocalMachine Of(ParseResult parsed) => new()
    {
        Layers = parsed.GetValue(_layers),
        ExpertLayers = parsed.GetValue(_allExperts) ? int.MaxValue : parsed.GetValue(_expertLayers),
        Rules = parsed.GetValue(_rules)!,
        Host = parsed.GetValue(_host),
        Bandwidth = parsed.GetValue(_bandwidth),
        Threads = parsed.GetValue(_threads),
        Link = parsed.GetValue(_link),
        WeightsStay = parsed.GetValue(_stay),
        Backend = parsed.GetValue(_backend),
        FlashAttention = parsed.GetValue(_flash),
    };
}
