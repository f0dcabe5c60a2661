using LlmMath.Interchange.Json;

namespace LlmMath.Engines.Json;

/// <summary>Reads the speed section of an engine's file.</summary>
internal static class EngineSpeedJson
{
    public static EngineSpeed Read(JsonFields fields)
    {
        var speed = new EngineSpeed
        {
            IsContinuous = fields.Flag("is_continuous") ?? false,
            Kernels = fields.Text("kernels"),
            ReadsPromptsApart = fields.Flag("reads_prompts_apart") ?? false,
            SumsInHalf = fields.Flag("sums_in_half") ?? false,
            WritesScores = fields.Flag("writes_scores") ?? false,
            UnpacksWeights = fields.Flag("unpacks_weights") ?? false,
            QuantizesActivations = fields.Flag("quantizes_activations") ?? false,
            CopiesExpertsByUse = fields.Flag("copies_experts_by_use") ?? false,
            AttendsBeyondWindows = fields.Flag("attends_beyond_windows") ?? false,
            QueuedLaunches = EngineJson.Count(fields, "queued_launches", 1),
            DraftedSequenceMicroseconds = fields.Positive("drafted_sequence_us"),
            DraftedRequests = EngineJson.Count(fields, "drafted_requests", 1),
            Generations = [.. fields.List("generations").Select(Generation)],
            Version = fields.Text("version"),
            Backends = [.. fields.List("backends").Select(Backend)],
            ProcessorKernels = [.. fields.List("processor_kernels").Select(Kernel)],
            ProcessorAttention = [.. fields.List("processor_attention").Select(Kernel)],
            PromptRows = [.. fields.List("prompt_rows").Select(PromptRow)],
            AllToAll = fields.Fields("all_to_all") is { } exchange ? Exchange(exchange) : null,
            Releases = [.. fields.List("releases").Select(Release)],
            Sources = fields.Texts("sources"),
            Note = fields.Text("note"),
        };
        fields.RejectOthers();
        return speed.Generations.Count == 0 ? throw fields.Missing("generations", "a list with what the engine reaches")
            : speed.Version is { } version && speed.Releases.All(release => release.Version != version)
                ? throw fields.Wrong("version", "one of the releases", version)
            : speed;
    }

    private static EngineBackend Backend(JsonFields fields)
    {
        var backend = new EngineBackend(fields.RequiredText("vendor"), fields.RequiredText("release"));
        fields.RejectOthers();
        return backend;
    }

    private static PromptRows PromptRow(JsonFields fields)
    {
        var rows = new PromptRows(fields.RequiredText("release"),
            EngineJson.Count(fields, "rows", 1) ?? throw fields.Missing("rows", "tokens, 1 or more"), fields.Text("vendor"));
        fields.RejectOthers();
        return rows;
    }

    private static ExpertExchange Exchange(JsonFields fields)
    {
        var exchange = new ExpertExchange(
            EngineJson.Count(fields, "from_gpus", 2) ?? throw fields.Missing("from_gpus", "a number of GPUs, 2 or more"),
            fields.Texts("architectures"), fields.Flag("sends_per_expert") ?? false);
        fields.RequiredText("source");
        fields.RejectOthers();
        return exchange;
    }

    private static ProcessorKernel Kernel(JsonFields fields)
    {
        string name = fields.RequiredText("kernel");
        ProductKernel way = name switch
        {
            "interleaved" => ProductKernel.Interleaved,
            "tiled" => ProductKernel.Tiled,
            "rows" => ProductKernel.Rows,
            "grid" => ProductKernel.Grid,
            _ => throw fields.Wrong("kernel", "interleaved, tiled, rows or grid", name),
        };
        var kernel = new ProcessorKernel(way, fields.Names("types"), fields.Text("instructions"), fields.Text("since"),
            fields.Flag("without_gpu") ?? false, fields.Flag("without_experts") ?? false);
        fields.RejectOthers();
        return kernel;
    }

    private static EngineRelease Release(JsonFields fields)
    {
        JsonFields? factors = fields.Fields("factors");
        var release = new EngineRelease
        {
            Version = fields.RequiredText("version"),
            Rows = Rows(fields),
            FittedOn = fields.RequiredText("fitted_on"),
            Factors = [.. EngineConstant.All.Select(constant => factors?.Positive(constant.Name) ?? 1)],
        };
        factors?.RejectOthers();
        fields.RejectOthers();
        return release;
    }

    private static EngineGeneration Generation(JsonFields fields)
    {
        var generation = new EngineGeneration
        {
            Architecture = fields.RequiredText("architecture"),
            Vendor = fields.RequiredText("vendor"),
            Gpus = fields.Texts("gpus"),
            Rows = Rows(fields),
            FittedOn = fields.RequiredText("fitted_on"),
            FirstToken = EngineJson.Spread(
                fields.Fields("first_token") ?? throw fields.Missing("first_token", "an object with low and high")),
            InterToken = EngineJson.Spread(
                fields.Fields("inter_token") ?? throw fields.Missing("inter_token", "an object with low and high")),
            Constants = fields.Fields("constants") is { } constants ? Constants(constants) : EngineConstants.Bound,
        };
        fields.RejectOthers();
        return generation;
    }

    private static int Rows(JsonFields fields) =>
        EngineJson.Count(fields, "rows", 0) ?? throw fields.Missing("rows", "a whole number");

    private static EngineConstants Constants(JsonFields fields)
    {
        EngineConstants constants =
            new([.. EngineConstant.All.Select(constant => fields.NotNegative(constant.Name) ?? constant.Neutral)]);
        fields.RejectOthers();
        return constants;
    }
}
