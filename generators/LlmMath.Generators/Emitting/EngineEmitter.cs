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
            $"IsContinuous = {(engine.IsContinuous ? "true" : "false")}",
            $"SumsInHalf = {(engine.SumsInHalf ? "true" : "false")}",
            $"WritesScores = {(engine.WritesScores ? "true" : "false")}",
            $"QuantizesActivations = {(engine.QuantizesActivations ? "true" : "false")}",
            $"UnpacksWeights = {(engine.UnpacksWeights ? "true" : "false")}",
            $"MemoryShare = {Literal.Of(engine.MemoryShare)}",
            $"ReservedGibibytes = {Literal.Of(engine.ReservedGibibytes)}",
            $"Generations = {List("EngineGeneration", engine.Generations.Select(Generation))}",
            $"Sources = {List("string", engine.Sources.Select(Literal.Of))}",
        };
        if (engine.Releases.Count > 0)
        {
            settings.Add($"Version = {Literal.Of(engine.Version ?? "")}");
            settings.Add($"Releases = {List("EngineRelease", engine.Releases.Select(Release))}");
        }

        if (engine.PassTokens is { } tokens)
        {
            settings.Add($"PassTokens = (int){Literal.Of((long)tokens)}");
        }

        if (engine.QueuedLaunches is { } launches)
        {
            settings.Add($"QueuedLaunches = (int){Literal.Of((long)launches)}");
        }

        if (engine.Note is { } note)
        {
            settings.Add($"Note = {Literal.Of(note)}");
        }

        return $"new EngineProfile {{ {string.Join(", ", settings)} }}";
    }

    private static string Generation(EngineGeneration g) => "new EngineGeneration { "
        + $"Architecture = {Literal.Of(g.Architecture)}, Vendor = "
            + $"{Literal.Of(g.Vendor)}, Gpus = {List("string", g.Gpus.Select(Literal.Of))}, "
        + $"Rows = (int){Literal.Of((long)g.Rows)}, FittedOn = {Literal.Of(g.FittedOn)}, FirstToken = {Of(g.FirstToken)}, "
        + $"InterToken = {Of(g.InterToken)}, "
        + $"Constants = new EngineConstants({List("double", g.Constants.Values.Select(value => Literal.Of(value)))}) }}";

    private static string Release(EngineRelease r) =>
        $"new EngineRelease {{ Version = {Literal.Of(r.Version)}, Rows = (int){Literal.Of((long)r.Rows)}, "
        + $"FittedOn = {Literal.Of(r.FittedOn)}, Factors = {List("double", r.Factors.Select(value => Literal.Of(value)))} }}";

    private static string Of(Spread spread) => $"new Spread({Literal.Of(spread.Low)}, {Literal.Of(spread.High)})";

    private static string List(string type, IEnumerable<string> items) =>
        $"ValueList.Create<{type}>(new {type}[] {{ {string.Join(", ", items)} }})";
}
