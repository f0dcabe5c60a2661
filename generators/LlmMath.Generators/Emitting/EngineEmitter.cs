namespace LlmMath.Generators;

/// <summary>An engine's profile as an entry of the catalog.</summary>
internal static class EngineEmitter
{
    public static Entry ToEntry(EngineProfile engine, string path, string member) => new(
        DefinitionKind.Engine, path, engine.Name, engine.DisplayName, member, Summary(engine), Expression(engine));

    private static string Summary(EngineProfile engine) =>
        $"{engine.DisplayName}: "
            + $"{string.Join(" · ", engine.Generations.Select(g => g.Rows > 0 ? $"{g.Architecture} ({g.Rows} rows)" : g.Architecture))}.";

    private static string Expression(EngineProfile engine)
    {
        var settings = new List<string>
        {
            $"Name = {Literal.Of(engine.Name)}",
            $"DisplayName = {Literal.Of(engine.DisplayName)}",
            $"IsContinuous = {Literal.Of(engine.IsContinuous)}",
            $"SumsInHalf = {Literal.Of(engine.SumsInHalf)}",
            $"WritesScores = {Literal.Of(engine.WritesScores)}",
            $"QuantizesActivations = {Literal.Of(engine.QuantizesActivations)}",
            $"UnpacksWeights = {Literal.Of(engine.UnpacksWeights)}",
            $"MemoryShare = {Literal.Of(engine.MemoryShare)}",
            $"ReservedGibibytes = {Literal.Of(engine.ReservedGibibytes)}",
            $"Generations = {Literal.List<EngineGeneration>(engine.Generations.Select(Generation))}",
            $"Sources = {Literal.List<string>(engine.Sources.Select(Literal.Of))}",
        };
        if (engine.Releases.Count > 0)
        {
            settings.Add($"Version = {Literal.Of(engine.Version ?? "")}");
            settings.Add($"Releases = {Literal.List<EngineRelease>(engine.Releases.Select(Release))}");
        }

        if (engine.PassTokens is { } tokens)
        {
            settings.Add($"PassTokens = {Literal.Of(tokens)}");
        }

        if (engine.QueuedLaunches is { } launches)
        {
            settings.Add($"QueuedLaunches = {Literal.Of(launches)}");
        }

        if (engine.Note is { } note)
        {
            settings.Add($"Note = {Literal.Of(note)}");
        }

        return Literal.Set<EngineProfile>(settings);
    }

    private static string Generation(EngineGeneration g) => Literal.Set<EngineGeneration>(
    [
        $"Architecture = {Literal.Of(g.Architecture)}",
        $"Vendor = {Literal.Of(g.Vendor)}",
        $"Gpus = {Literal.List<string>(g.Gpus.Select(Literal.Of))}",
        $"Rows = {Literal.Of(g.Rows)}",
        $"FittedOn = {Literal.Of(g.FittedOn)}",
        $"FirstToken = {Of(g.FirstToken)}",
        $"InterToken = {Of(g.InterToken)}",
        $"Constants = {Literal.New<EngineConstants>(Of(g.Constants.Values))}",
    ]);

    private static string Release(EngineRelease r) => Literal.Set<EngineRelease>(
    [
        $"Version = {Literal.Of(r.Version)}",
        $"Rows = {Literal.Of(r.Rows)}",
        $"FittedOn = {Literal.Of(r.FittedOn)}",
        $"Factors = {Of(r.Factors)}",
    ]);

    private static string Of(Spread spread) => Literal.New<Spread>(Literal.Of(spread.Low), Literal.Of(spread.High));

    private static string Of(ValueList<double> numbers) => Literal.List<double>(numbers.Select(Literal.Of));
}
