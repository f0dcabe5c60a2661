using LlmMath.Speed.Serving;

namespace LlmMath.Cli.Tests.House;

/// <summary>One truth: as many requests run as memory says fit, at a context of prompt and output.</summary>
public class RunningRequestsTests
{
    private static readonly Parallelism[] s_manyGpus =
        [new() { Tensor = 8 }, new() { Pipeline = 2 }, new() { Tensor = 2, Pipeline = 2, Data = 2 }];

    [Fact]
    public void AsManyRequestsRunAsFit() => KnownFailures.Are(
        from engine in Served.Both
        from format in engine.Formats.Where(format => format.Name is "bf16" or "fp8" or "mxfp4" or "q4_k_m" or "mlx-4bit")
        from model in Served.Models
        let failure = Compare(engine, model, format, engine.Gpu, new(), "")
        where failure is not null
        select failure.Value, nameof(RunningRequestsTests));

    [Fact]
    public void AsManyRequestsRunOnOtherGpusAsFit() => KnownFailures.Are(
        from engine in Served.Both
        from format in engine.Formats.Where(format => format.Name is "bf16" or "q4_k_m")
        from gpu in new[] { "rtx-4090", "a100-sxm-80gb", "mi300x", "b200-sxm-180gb", "apple-m2" }.Select(GpuCatalog.Find)
        where engine.Engine.SupportsGpu(gpu)
        from model in Served.Models.Where((_, i) => i % 8 == 0)
        let failure = Compare(engine, model, format, gpu, new(), ", " + gpu)
        where failure is not null
        select failure.Value, nameof(RunningRequestsTests) + ".OtherGpus");

    [Fact]
    public void AsManyRequestsRunOnManyGpusAsFit() => KnownFailures.Are(
        from engine in Served.Both
        from over in s_manyGpus
        where !engine.Engine.SplitsByLayer || over.Tensor == 1
        from model in Served.Models.Where((_, i) => i % 4 == 0)
        where over.Allows(model.Architecture)
        let failure = Compare(engine, model, WeightFormat.Bf16, engine.Gpu, over, ", " + over)
        where failure is not null
        select failure.Value, nameof(RunningRequestsTests) + ".ManyGpus");

    private static Failure? Compare(
        Served engine, ModelDefinition model, WeightFormat format, Gpu gpu, Parallelism over, string group)
    {
        Deployment deployment = new(model, gpu, engine.Engine, format) { Placement = over };
        Workload workload = Served.Longest(model, 8192, over);
        double speed = over.Data * ServingLoad.RoomAt(deployment.Placed, workload, workload.Context);
        int memory = deployment.LargestBatch(workload) ?? 0;
        return Math.Min(speed, 1 << 20) == memory ? null
            : new($"{engine.Engine.Name} {format.Name}{group}", $"{model.Name}: speed {speed:N0}, memory {memory:N0}");
    }
}
