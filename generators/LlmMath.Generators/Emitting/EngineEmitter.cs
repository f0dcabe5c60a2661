using LlmMath.Engines;

namespace LlmMath.Generators;

/// <summary>An engine's definition as an entry of the catalog.</summary>
internal static class EngineEmitter
{
    public static Entry ToEntry(Engine engine, string path, string member) => new(
        DefinitionKind.Engine, path, engine.Name, engine.DisplayName, member, Summary(engine), Expression(engine))
        {
            Aliases = engine.Aliases,
        };

    private static string Summary(Engine engine)
    {
        string memory = engine.Memory is null ? "not known" : engine.Memory.IsMeasured ? "measured" : "guessed";
        string speed = engine.Speed is not { } known ? "not known" : string.Join(" · ", known.Generations
            .Select(g => g.Rows > 0 ? $"{g.Architecture} ({g.Rows} rows)" : g.Architecture));
        return $"{engine.DisplayName}. Memory: {memory}. Speed: {speed}.";
    }

    private static string Expression(Engine engine)
    {
        var settings = new Settings();
        settings.Set("Name", Literal.Of(engine.Name));
        settings.Set("DisplayName", Literal.Of(engine.DisplayName));
        settings.Texts("Aliases", engine.Aliases);
        settings.Set("Rank", Number(engine.Rank));
        settings.Set("RunsOn", engine.RunsOn == GpuCondition.Any ? null : Condition(engine.RunsOn));
        settings.Set("Load", Load(engine.Load));
        settings.Set("Pass", Pass(engine.Pass));
        settings.Set("Cache", Cache(engine.Cache));
        settings.Flag("SplitsByLayer", engine.SplitsByLayer);
        settings.Set("MemoryShare", Literal.Of(engine.MemoryShare));
        settings.Flag("TakesShareOfFree", engine.TakesShareOfFree);
        settings.Set("Static", engine.Static is { } share ? Static(share) : null);
        settings.Flag("KeepsActivationsBeyondShare", engine.KeepsActivationsBeyondShare);
        settings.Flag("Disaggregates", engine.Disaggregates);
        settings.Set("ByGpu", engine.ByGpu.Count == 0 ? null : Literal.List<EngineOnGpu>(engine.ByGpu.Select(Difference)));
        settings.Set("Memory", engine.Memory is { } memory ? EngineMemoryEmitter.Expression(memory) : null);
        settings.Set("MemoryUnknown", Text(engine.MemoryUnknown));
        settings.Set("Speed", engine.Speed is { } speed ? EngineSpeedEmitter.Expression(speed) : null);
        settings.Set("SpeedUnknown", Text(engine.SpeedUnknown));
        settings.Texts("Sources", engine.Sources);
        return settings.New<Engine>();
    }

    internal static string? Text(string? text) => text is null ? null : Literal.Of(text);

    internal static string? Number(int? number) => number is { } value ? Literal.Of(value) : null;

    internal static string Member<T>(T value)
        where T : struct, Enum => $"{TypeName.Of<T>()}.{value}";

    internal static string Range(ByteRange range) =>
        Literal.New<ByteRange>(Size(range.Low), Size(range.Expected), Size(range.High));

    private static string Size(ByteSize size) => Literal.New<ByteSize>(Literal.Of(size.Bytes));

    private static string Condition(GpuCondition condition)
    {
        var settings = new Settings();
        settings.Texts("Vendors", condition.Vendors);
        settings.Texts("NotVendors", condition.NotVendors);
        settings.Texts("Architectures", condition.Architectures);
        settings.Texts("NotArchitectures", condition.NotArchitectures);
        settings.Texts("Gpus", condition.Gpus);
        settings.Set("MemoryBelowGibibytes", condition.MemoryBelowGibibytes is { } most ? Literal.Of(most) : null);
        settings.Set("MemoryFromGibibytes", condition.MemoryFromGibibytes is { } least ? Literal.Of(least) : null);
        return settings.New<GpuCondition>();
    }

    private static string Difference(EngineOnGpu difference)
    {
        var settings = new Settings();
        settings.Set("Gpu", Condition(difference.Gpu));
        settings.Set("PassTokens", Number(difference.PassTokens));
        settings.Set("FixedLogitRows", Number(difference.FixedLogitRows));
        settings.Set("MemoryShare", difference.MemoryShare is { } share ? Literal.Of(share) : null);
        settings.Set("Runtime", difference.Runtime is { } runtime ? Range(runtime) : null);
        return settings.New<EngineOnGpu>();
    }

    private static string Load(LoadPolicy load)
    {
        var settings = new Settings();
        settings.Texts("Formats", load.Formats ?? []);
        settings.Texts("Caches", load.Caches ?? []);
        settings.Flag("PadsMxfp4", load.PadsMxfp4);
        settings.Flag("QuantizesHead", load.QuantizesHead);
        settings.Flag("ReplicatesVocabulary", load.ReplicatesVocabulary);
        settings.Flag("KeepsEndsTogether", load.KeepsEndsTogether);
        settings.Flag("KeepsInputsOnHost", load.KeepsInputsOnHost);
        settings.Flag("FusesProjections", load.FusesProjections);
        settings.Set("HeadCopies", Number(load.HeadCopies));
        settings.Set("MatrixCopies", Number(load.MatrixCopies));
        return settings.New<LoadPolicy>();
    }

    private static string Static(StaticShare share)
    {
        var settings = new Settings();
        settings.Set("Fixed", Literal.Of(share.Fixed));
        settings.Set("EachToken", Literal.Of(share.EachToken));
        settings.Set("EachGpu", Literal.Of(share.EachGpu));
        settings.Set("Graphs", Literal.Of(share.Graphs));
        settings.Set("Least", Literal.Of(share.Least));
        settings.Set("LeastFromGibibytes", Literal.Of(share.LeastFromGibibytes));
        return settings.New<StaticShare>();
    }

    private static string Pass(PassPolicy pass)
    {
        var settings = new Settings();
        settings.Set("Tokens", Number(pass.Tokens));
        settings.Flag("IsDivided", pass.IsDivided);
        settings.Set("LogitRows", Member(pass.LogitRows));
        settings.Set("FixedLogitRows", Number(pass.FixedLogitRows));
        settings.Flag("ReservesWholeContext", pass.ReservesWholeContext);
        settings.Set("InputCopies", Number(pass.InputCopies));
        return settings.New<PassPolicy>();
    }

    private static string Cache(CachePolicy cache)
    {
        var settings = new Settings();
        settings.Set("PageTokens", Number(cache.PageTokens));
        settings.Set("Windows", Member(cache.Windows));
        settings.Set("StateBytes", Number(cache.StateBytes));
        settings.Set("ConvolutionBytes", Number(cache.ConvolutionBytes));
        settings.Flag("PacksSparse", cache.PacksSparse);
        return settings.New<CachePolicy>();
    }
}
