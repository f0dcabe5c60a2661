using LlmMath.Engines;
using LlmMath.Interchange;

namespace LlmMath.Generators.Tests;

/// <summary>An entry of each kind, with one text wherever a definition, a file's name or an item's metadata may bring
/// one.</summary>
internal static class Texts
{
    public static IEnumerable<Entry> Entries(string text) =>
    [
        ModelEmitter.ToEntry(Model(text), Path(text), "Entry"),
        GpuEmitter.ToEntry(Gpu(text), Path(text), "Entry"),
        EngineEmitter.ToEntry(Engine(text), Path(text), "Entry"),
    ];

    public static string Path(string text) => "/folder/" + text.Replace('/', '-');

    private static ModelDefinition Model(string text) => new(text, text,
        new ModelConfig(new ConfigField("model_type", "opt"), new ConfigField(text, text),
            new ConfigField("list", ConfigValue.Array(text, ConfigValue.Object(new ConfigField(text, text))))),
        new Evidence(EvidenceKind.Published, 1, text) { Beyond = [new Difference(text, 1)] })
    {
        Aliases = [text],
        ReleaseDate = text,
        ReleaseSource = text,
    };

    private static Gpu Gpu(string text) => new()
    {
        Name = text,
        DisplayName = text,
        Aliases = [text],
        Vendor = text,
        Architecture = text,
        ComputeCapability = text,
        Interconnect = text,
        Prices = [new RentalPrice(text, 1, text, text, text)],
        Measured = new MeasuredRates(1, 1, text),
        Sources = [text],
        Note = text,
    };

    private static Engine Engine(string text) => new()
    {
        Name = text,
        DisplayName = text,
        Aliases = [text],
        RunsOn = Condition(text),
        Load = new() { Formats = [text], Caches = [text] },
        ByGpu = [new EngineOnGpu { Gpu = Condition(text) }],
        Memory = new() { Sources = [text] },
        MemoryUnknown = text,
        Speed = Speed(text),
        SpeedUnknown = text,
        Sources = [text],
    };

    private static GpuCondition Condition(string text) =>
        new() { Vendors = [text], NotVendors = [text], Architectures = [text], NotArchitectures = [text], Gpus = [text] };

    private static EngineSpeed Speed(string text) => new()
    {
        Version = text,
        Generations =
        [
            new EngineGeneration
            {
                Architecture = text,
                Vendor = text,
                Gpus = [text],
                FittedOn = text,
                Constants = EngineConstants.Bound,
                FirstToken = new(1, 1),
                InterToken = new(1, 1),
            },
        ],
        Releases =
        [
            new EngineRelease { Version = text, Rows = 1, FittedOn = text, Factors = [.. EngineConstant.All.Select(_ => 1.0)] },
        ],
        Sources = [text],
        Note = text,
    };
}
