namespace LlmMath.Interchange;

/// <summary>Reads an engine's profile.</summary>
internal static class EngineJson
{
    /// <summary>Reads a profile.</summary>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="name">The entry's name.</param>
    /// <exception cref="DefinitionException">The file is malformed, or a field is missing, unknown or wrong. It names the field;
    /// the caller adds the file.</exception>
    public static EngineProfile Read(ReadOnlySpan<byte> utf8, string name)
    {
        var fields = new JsonFields(ModelJson.ReadRoot(utf8));
        fields.Text("$schema");
        var engine = new EngineProfile
        {
            Name = name,
            DisplayName = fields.RequiredText("name"),
            IsContinuous = fields.Flag("is_continuous") ?? false,
            SumsInHalf = fields.Flag("sums_in_half") ?? false,
            WritesScores = fields.Flag("writes_scores") ?? false,
            UnpacksWeights = fields.Flag("unpacks_weights") ?? false,
            QuantizesActivations = fields.Flag("quantizes_activations") ?? false,
            QueuedLaunches = fields.Integer("queued_launches", 1) is { } launches ? (int)Math.Min(launches, int.MaxValue) : null,
            PassTokens = fields.Integer("pass_tokens", 1) is { } tokens ? (int)Math.Min(tokens, int.MaxValue) : null,
            MemoryShare = fields.Positive("memory_share") ?? 1,
            ReservedGibibytes = fields.Positive("reserved_gib") ?? 0,
            Generations = [.. fields.List("generations").Select(ReadGeneration)],
            Version = fields.Text("version"),
            Releases = [.. fields.List("releases").Select(ReadRelease)],
            Sources = fields.Texts("sources"),
            Note = fields.Text("note"),
        };
        fields.RejectOthers();
        return engine.Generations.Count == 0 ? throw fields.Missing("generations", "a list with what the engine reaches")
            : engine.Version is { } version && engine.Releases.All(release => release.Version != version)
                ? throw fields.Wrong("version", "one of the releases", version)
            : engine;
    }

    private static EngineRelease ReadRelease(JsonFields fields)
    {
        JsonFields? factors = fields.Fields("factors");
        var release = new EngineRelease
        {
            Version = fields.RequiredText("version"),
            Rows = (int)Math.Min(fields.RequiredInteger("rows", 0), int.MaxValue),
            FittedOn = fields.RequiredText("fitted_on"),
            Factors = [.. EngineConstant.All.Select(constant => factors?.Positive(constant.Name) ?? 1)],
        };
        factors?.RejectOthers();
        fields.RejectOthers();
        return release;
    }

    private static EngineGeneration ReadGeneration(JsonFields fields)
    {
        var generation = new EngineGeneration
        {
            Architecture = fields.RequiredText("architecture"),
            Vendor = fields.RequiredText("vendor"),
            Gpus = fields.Texts("gpus"),
            Rows = (int)Math.Min(fields.RequiredInteger("rows", 0), int.MaxValue),
            FittedOn = fields.RequiredText("fitted_on"),
            FirstToken =
                ReadSpread(fields.Fields("first_token") ?? throw fields.Missing("first_token", "an object with low and high")),
            InterToken =
                ReadSpread(fields.Fields("inter_token") ?? throw fields.Missing("inter_token", "an object with low and high")),
            Constants = fields.Fields("constants") is { } constants ? ReadConstants(constants) : EngineConstants.Bound,
        };
        fields.RejectOthers();
        return generation;
    }

    private static EngineConstants ReadConstants(JsonFields fields)
    {
        EngineConstants constants =
            new([.. EngineConstant.All.Select(constant => fields.NotNegative(constant.Name) ?? constant.Neutral)]);
        fields.RejectOthers();
        return constants;
    }

    private static Spread ReadSpread(JsonFields fields)
    {
        var spread = new Spread(
            fields.Positive("low") ?? throw fields.Missing("low", "a number above 0"),
            fields.Positive("high") ?? throw fields.Missing("high", "a number of 1 or more"));
        fields.RejectOthers();
        return spread.Low > 1 ? throw fields.Wrong("low", "at most 1", spread.Low)
            : spread.High < 1 ? throw fields.Wrong("high", "1 or more", spread.High)
            : spread;
    }
}
