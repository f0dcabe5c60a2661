namespace LlmMath.Cli.Commands;

/// <summary>What <c>llmmath speed</c> is asked, once.</summary>
internal sealed record SpeedQuestion
{
    public required string Model { get; init; }

    public required string Gpu { get; init; }

    public required string Weights { get; init; }

    public int Gpus { get; init; } = 1;

    public int? Tensor { get; init; }

    public string? Engine { get; init; }

    public string Cache { get; init; } = "bf16";

    public int Batch { get; init; } = 1;

    public required int Prompt { get; init; }

    public required int Output { get; init; }
}

/// <summary>The answer: the estimate, and whether the memory suffices; null where the engine's memory is not known.</summary>
internal sealed record SpeedAnswer(string Model, InferenceEstimate Estimate, bool? Fits)
{
    /// <summary>Estimates.</summary>
    /// <exception cref="CliException">Something that was asked cannot be, or names nothing; the message names the option.</exception>
    public static SpeedAnswer Of(SpeedQuestion asked) => Of(asked, ModelArgument.Resolve(asked.Model));

    /// <summary>Estimates for a model that was found already.</summary>
    /// <exception cref="CliException">Something that was asked cannot be, or names nothing; the message names the option.</exception>
    public static SpeedAnswer Of(SpeedQuestion asked, ModelArgument argument)
    {
        ModelDefinition model = argument.Required;
        try
        {
            Gpu gpu = Named("--gpu", () => GpuCatalog.Find(asked.Gpu));
            WeightFormat weights = Named("--weights", () => WeightFormat.Find(asked.Weights));
            CacheFormat cache = Named("--kv", () => CacheFormat.Find(asked.Cache));
            EngineProfile engine = Named("--engine", () => EngineOf(asked.Engine ?? UsualEngine(weights)));
            var workload = new InferenceWorkload(asked.Prompt, asked.Output, asked.Batch)
            {
                Parallelism = LaidOver(model.Architecture, asked),
                Cache = cache,
            };
            return new(argument.Name, model.EstimateInference(gpu, engine, workload, weights), HasRoom(model, gpu, workload, weights, cache));
        }
        catch (Exception problem) when (problem is ArgumentException or OverflowException or DefinitionException)
        {
            throw new CliException($"{argument.Name}: {InOptions(problem.Message.Split(" (Parameter")[0])}", problem);
        }
    }

    // "sglang", or one of its releases: "sglang@0.5.9".
    private static EngineProfile EngineOf(string text) => text.Split('@', 2) is [var name, var version]
        ? EngineCatalog.Find(name).At(version) : EngineCatalog.Find(text);

    // Formats that one engine alone reads.
    private static string UsualEngine(WeightFormat weights) => weights.Name switch
    {
        _ when weights.ElementBits is null => "llama-cpp",
        _ when weights.Name.StartsWith("exl2-", StringComparison.Ordinal) => "exllamav2",
        _ when weights.Name.StartsWith("mlx-", StringComparison.Ordinal) => "mlx",
        "q4f16_1" => "mlc-llm",
        _ => "vllm",
    };

    // The library's errors name the properties that the options set, and remedies that no option gives.
    private static string InOptions(string message)
    {
        foreach ((string property, string option) in new[]
        {
            ("PromptTokens:", "--prompt:"), ("OutputTokens:", "--output:"), ("Batch:", "--batch:"), ("Parallelism.Tensor:", "--tp:"),
            ("Parallelism.Pipeline:", "--gpus ÷ --tp:"), (" Set ExtendsContext where its positions are scaled to more.", ""),
            ("; give a GPU with BytesPerSecond", ""), ("; give a GPU with PeakRates", ""),
        })
        {
            message = message.Replace(property, option, StringComparison.Ordinal);
        }

        return message;
    }

    // Weights and cached state alone: what an engine takes beside them is llmmath memory's answer.
    private static bool? HasRoom(ModelDefinition model, Gpu gpu, InferenceWorkload workload, WeightFormat weights, CacheFormat cache) =>
        gpu.Memory is null && gpu.UsableMemory is null ? null : model.InferenceMemory(new InferenceSetup(weights)
        {
            Batch = workload.Batch,
            Context = workload.PromptTokens + workload.OutputTokens,
            Keys = cache,
            Parallelism = workload.Parallelism,
        }).FitsOn(gpu);

    private static Parallelism LaidOver(Architecture architecture, SpeedQuestion asked)
    {
        if (asked.Gpus < 1)
        {
            throw new CliException($"--gpus: 1 or more is needed; it is {asked.Gpus}.");
        }

        if (asked.Tensor is { } tensor)
        {
            return tensor >= 1 && asked.Gpus % tensor == 0
                ? new() { Tensor = tensor, Pipeline = asked.Gpus / tensor }
                : throw new CliException($"--tp: {tensor} does not divide the {asked.Gpus} of --gpus.");
        }

        return Parallelism.For(architecture, asked.Gpus)
            ?? throw new CliException($"--gpus: {asked.Gpus} GPUs cannot share the model: neither its heads nor its layers divide so.");
    }

    private static T Named<T>(string option, Func<T> find)
    {
        try
        {
            return find();
        }
        catch (Exception problem) when (problem is CatalogException or ArgumentException)
        {
            throw new CliException($"{option}: {problem.Message.Split(" (Parameter")[0]}", problem);
        }
    }
}
