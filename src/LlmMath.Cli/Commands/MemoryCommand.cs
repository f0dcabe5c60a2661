using System.CommandLine;
using LlmMath.Cli.Output;

namespace LlmMath.Cli.Commands;

/// <summary><c>llmmath memory</c>: what inference takes, and whether it fits.</summary>
internal static class MemoryCommand
{
    // Where --context is not given: enough for a chat, and said in the answer.
    private const long UsualContext = 4096;

    public static Command Create(TextWriter output, TextWriter error)
    {
        var models = new Argument<string[]>("MODEL")
        {
            Description = "Catalog entries, or paths to a config.json, a GGUF or safetensors file, or a safetensors index.",
            Arity = ArgumentArity.OneOrMore,
        };
        var weights = new Option<string?>("--weights")
        {
            Description = "Weight format: bf16, fp8, awq-4bit-128g, q4_k_m and so on; a checkpoint's own bytes where MODEL is one.",
            HelpName = "FORMAT",
        };
        var cache = new Option<string>("--kv") { Description = "Format of cached keys and values: fp16, fp8, q8_0 and so on.",
            HelpName = "FORMAT", DefaultValueFactory = _ => "bf16" };
        var batch = new Option<int>("--batch") { Description = "Sequences at once.", HelpName = "N",
            DefaultValueFactory = _ => 1 };
        var context = new Option<long?>("--context") { Description = "Tokens of each, prompt and answer together; 4,096, or the model's limit if that is less.", HelpName = "N" };
        var extend = new Option<bool>("--extend-context") { Description = "Allow a context beyond what the model was made for (scaled positions)." };
        var gpu = new Option<string?>("--gpu") { Description = "The GPU that it should fit.", HelpName = "GPU" };
        var gpus = new Option<int>("--gpus") { Description = "How many of it.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var tensor = new Option<int?>("--tp") { Description = "GPUs that share each layer; as many as possible unless given.",
            HelpName = "N" };
        var engine = new Option<string?>("--engine")
        {
            Description = "The engine, whose activations and runtime count; \"none\" for weights and cache alone. llama.cpp for its own formats, else vllm.",
            HelpName = "E",
        };
        var explain = new Option<bool>("--explain") { Description = "Show the working, row by row." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("memory", "What inference takes: weights, cache, activations, runtime; and whether it fits.")
        {
            models, weights, cache, batch, context, extend, gpu, gpus, tensor, engine, explain, json,
        };
        command.SetAction(parsed =>
        {
            var asked = new MemoryQuestion(parsed.GetValue(weights), Cache(parsed.GetValue(cache)!), parsed.GetValue(batch),
                parsed.GetValue(context), parsed.GetValue(extend), parsed.GetValue(gpu) is { } name ? Gpu(name) : null,
                parsed.GetValue(gpus), parsed.GetValue(tensor), parsed.GetValue(engine));
            List<MemoryAnswer> answers = [.. parsed.GetValue(models)!.Select(model => Answer(model, asked))];
            if (parsed.GetValue(json))
            {
                JsonOut.Write(output, writer => writer.Array(null, answers, answer =>
                    MemoryReport.Json(writer, answer, parsed.GetValue(explain))));
            }
            else
            {
                answers.ForEach(answer => MemoryReport.Text(answer, parsed.GetValue(explain), output, error));
            }

            return answers.Any(answer => answer.Error is not null) ? ExitStatus.BadInput
                : answers.Any(answer => answer.Fit is { Fits: false }) ? ExitStatus.No
                : ExitStatus.Done;
        });
        return command;
    }

    private static MemoryAnswer Answer(string model, MemoryQuestion asked)
    {
        try
        {
            var argument = ModelArgument.Resolve(model);
            ModelDefinition definition = argument.Required;
            InferenceSetup setup = Setup(argument, definition, asked);
            MemoryEstimate estimate = definition.InferenceMemory(setup);
            return new(argument.Name, null)
            {
                Estimate = estimate,
                Fit = asked.Gpu is { } gpu ? estimate.Fit(gpu) : null,
                LargestContext = asked.Gpu is { } ofContext ? definition.LargestContext(setup, ofContext) : null,
                LargestBatch = asked.Gpu is { } ofBatch ? definition.LargestBatch(setup, ofBatch) : null,
                GpuLayers = asked.Gpu is { } one && setup.Engine?.Name == "llama.cpp" && asked.Gpus == 1
                    ? definition.GpuLayers(setup, one) : null,
            };
        }
        catch (Exception problem) when (problem is CliException or ArgumentException or OverflowException)
        {
            return new(model, Line(problem));
        }
    }

    private static InferenceSetup Setup(ModelArgument argument, ModelDefinition model, MemoryQuestion asked)
    {
        bool stored = asked.Weights is null && argument.Header is not null;
        if (asked.Weights is null && !stored)
        {
            throw new CliException($"{argument.Name}: --weights is needed: bf16, fp8, q4_k_m and so on.");
        }

        bool isGguf = argument.Header?.Format == "gguf";
        WeightFormat weights = stored ? isGguf ? WeightFormat.Q8 : WeightFormat.Bf16 : WeightFormat.Find(asked.Weights!);
        EngineMemory? engine = Engine(asked, weights);
        return new(weights)
        {
            StoredWeights = stored ? new(argument.Header!.Bytes) : null,
            Keys = asked.Cache,
            Batch = asked.Batch,
            Context = asked.Context ?? Math.Min(UsualContext, model.Architecture.ContextLength ?? UsualContext),
            ExtendsContext = asked.ExtendsContext,
            Engine = engine,
            Parallelism = LaidOver(model.Architecture, asked, engine),
        };
    }

    private static EngineMemory? Engine(MemoryQuestion asked, WeightFormat weights)
    {
        if (asked.Engine == "none")
        {
            return null;
        }

        // The first that loads the format: vllm, but llama.cpp for its own mixes and mlx for its own.
        EngineMemory engine = asked.Engine is { } name
            ? EngineMemory.Find(name)
            : EngineMemory.All.First(candidate => candidate.Supports(weights, asked.Cache));
        return asked.Gpu is { } gpu ? engine.On(gpu) : engine;
    }

    private static Parallelism LaidOver(Architecture architecture, MemoryQuestion asked, EngineMemory? engine)
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

        return Parallelism.For(architecture, asked.Gpus, engine)
            ?? throw new CliException($"--gpus: {asked.Gpus} GPUs cannot share the model: neither its heads nor its layers divide so.");
    }

    private static Gpu Gpu(string name)
    {
        try
        {
            return GpuCatalog.Find(name);
        }
        catch (CatalogException problem)
        {
            throw new CliException("--gpu: " + problem.Message, problem);
        }
    }

    private static CacheFormat Cache(string name)
    {
        try
        {
            return CacheFormat.Find(name);
        }
        catch (ArgumentException problem)
        {
            throw new CliException("--kv: " + Line(problem), problem);
        }
    }

    // Without the parameter's name that .NET adds.
    private static string Line(Exception problem) => problem is ArgumentException { ParamName: { } name }
        ? problem.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
        : problem.Message;
}

/// <summary>The options of <c>llmmath memory</c>.</summary>
internal sealed record MemoryQuestion(string? Weights, CacheFormat Cache, int Batch, long? Context, bool ExtendsContext,
    Gpu? Gpu, int Gpus,
    int? Tensor, string? Engine);

/// <summary>An answer for one model, or an error.</summary>
internal sealed record MemoryAnswer(string Model, string? Error)
{
    public MemoryEstimate Estimate { get; init; }

    public MemoryFit? Fit { get; init; }

    public long? LargestContext { get; init; }

    public int? LargestBatch { get; init; }

    public LayerOffload? GpuLayers { get; init; }
}
