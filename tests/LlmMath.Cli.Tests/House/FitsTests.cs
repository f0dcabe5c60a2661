using System.Text.Json;

namespace LlmMath.Cli.Tests.House;

/// <summary>One truth: whether a model fits does not depend on the door at which it is asked. The context is the longest that
/// fits by the library, and one token more, where the answers change.</summary>
public class FitsTests
{
    // As far as the library looks.
    private const long MostContext = 1L << 27;

    private static readonly (string Engine, string Weights, string Gpu, int Each)[] s_named =
    [
        ("vllm", "bf16", "h100-sxm-80gb", 1), ("vllm", "bf16", "rtx-4090", 4), ("vllm", "fp8", "a100-sxm-80gb", 8),
        ("sglang", "bf16", "mi300x", 8), ("tensorrt-llm", "fp8", "b200-sxm-180gb", 8), ("llama.cpp", "q4_k_m", "rtx-4090", 4),
        ("llama.cpp", "q8_0", "a100-sxm-80gb", 8), ("llama.cpp", "q4_k_m", "apple-m4-max-40-core", 8),
        ("mlx", "mlx-4bit", "apple-m4-max-40-core", 8),
    ];

    private static readonly (string Weights, string Gpu)[] s_unnamed =
    [
        ("bf16", "h100-sxm-80gb"), ("bf16", "rtx-4090"), ("q4_k_m", "rtx-4090"), ("bf16", "apple-m4-max-40-core"),
        ("mlx-4bit", "apple-m4-max-40-core"),
    ];

    [Fact]
    public void AnEngineThatIsNamedFitsAtEveryDoor() => KnownFailures.Are(s_named.SelectMany(asked => Failures(
        EngineCatalog.Find(asked.Engine), $"--engine {asked.Engine}", asked.Weights, asked.Gpu, asked.Each,
        (deployment, workload) => (deployment with { Engine = EngineCatalog.Find(asked.Engine), Gpu = null }).Memory(workload))),
        nameof(FitsTests));

    /// <summary>The tool chooses the engine that is usual for the format; the library must not answer otherwise.</summary>
    [Fact]
    public void AnEngineThatIsNotNamedFitsAtEveryDoor() => KnownFailures.Are(s_unnamed.SelectMany(asked =>
    {
        WeightFormat weights = WeightFormat.Find(asked.Weights);
        Gpu gpu = GpuCatalog.Find(asked.Gpu);
        Engine usual = EngineCatalog.UsualFor(weights, gpus: [gpu])!;
        return Failures(usual, "", asked.Weights, asked.Gpu, 8, (deployment, workload) =>
            new Deployment(deployment.Model, weights).Memory(workload));
    }), nameof(FitsTests) + ".Unnamed");

    private static List<Failure> Failures(Engine engine, string option, string weights, string name, int each,
        Func<Deployment, Workload, MemoryEstimate> library)
    {
        Gpu gpu = GpuCatalog.Find(name);
        (ModelDefinition Model, long Context, bool Fits)[] questions = [.. Served.Measured.Where((_, i) => i % each == 0)
            .SelectMany(model => Edges(new(model, gpu, engine, WeightFormat.Find(weights))))];
        bool?[] speed = Speed(questions, option, weights, name);
        var failures = new List<Failure>();
        for (int i = 0; i < questions.Length; i++)
        {
            (ModelDefinition model, long context, bool fits) = questions[i];
            foreach ((string door, bool? answer) in new[]
            {
                ("library", library(new(model, gpu, engine, WeightFormat.Find(weights)), Of(context)).FitsOn(gpu)),
                ("memory", Memory(model, context, option, weights, name)),
                ("speed", speed[i]),
            })
            {
                if (answer != fits)
                {
                    failures.Add(new($"{door}: {option}{(option.Length > 0 ? " " : "")}--weights {weights} --gpu {name}",
                        $"{model.Name} at {context:N0}: {answer?.ToString() ?? "refused"}, the engine on that GPU {fits}"));
                }
            }
        }

        return failures;
    }

    // The longest context that fits, and one more where the model was made for more.
    private static IEnumerable<(ModelDefinition Model, long Context, bool Fits)> Edges(Deployment deployment)
    {
        long longest = deployment.LargestContext(Of(2)) ?? 1, limit = deployment.Model.Architecture.ContextLength ?? MostContext;
        return new[] { longest, longest + 1 }.Where(context => context > 1 && context <= limit).Select(context =>
            (deployment.Model, context, deployment.Memory(Of(context)).Fits == true));
    }

    // One token of each context is written, as speed asks for.
    private static Workload Of(long context) => new(context - 1, 1);

    private static bool? Memory(ModelDefinition model, long context, string option, string weights, string gpu)
    {
        string line = $"memory {model.Name} {option} --weights {weights} --gpu {gpu} "
            + $"--context {context} --prompt {context - 1} --json";
        var command = Command.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return command.Json[0].TryGetProperty("fits", out JsonElement fits) ? fits.GetBoolean() : null;
    }

    private static bool?[] Speed(
        (ModelDefinition Model, long Context, bool Fits)[] questions, string option, string weights, string gpu)
    {
        string? engine = option.Length == 0 ? null : option.Split(' ')[1];
        string lines = string.Join('\n', questions.Select(asked => JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["model"] = asked.Model.Name, ["weights"] = weights, ["gpu"] = gpu, ["engine"] = engine,
            ["prompt"] = asked.Context - 1, ["output"] = 1,
        }.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value))));
        using var output = new StringWriter();
        LlmMathCommand.Run(["speed", "--requests", "-"], output, TextWriter.Null, new StringReader(lines));
        return [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            JsonDocument.Parse(line).RootElement.TryGetProperty("fits", out JsonElement fits) ? fits.GetBoolean() : (bool?)null)];
    }
}
