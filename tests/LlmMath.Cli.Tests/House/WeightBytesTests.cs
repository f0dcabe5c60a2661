using LlmMath.Memory;

namespace LlmMath.Cli.Tests.House;

/// <summary>One truth: the weights that speed keeps on the GPUs are those that memory counts there.</summary>
public class WeightBytesTests
{
    [Fact]
    public void WeightsOfSpeedAreThoseOfMemory() => KnownFailures.Are(
        from engine in Served.Both
        from format in engine.Formats
        from model in Served.Models
        let failure = Compare(engine, model, format, new(), "")
        where failure is not null
        select failure.Value, nameof(WeightBytesTests));

    [Fact]
    public void WeightsOfSpeedOnManyGpusAreThoseOfMemory() => KnownFailures.Are(
        from engine in Served.Both
        from format in engine.Formats.Where(format => format.Name is "bf16" or "fp8" or "q4_k_m")
        from over in new Parallelism[] { new() { Tensor = 2 }, new() { Pipeline = 2 } }
        where !engine.Engine.SplitsByLayer || over.Tensor == 1
        from model in Served.Models
        where over.Allows(model.Architecture)
        let failure = Compare(engine, model, format, over, ", " + over)
        where failure is not null
        select failure.Value, nameof(WeightBytesTests) + ".ManyGpus");

    private static Failure? Compare(Served engine, ModelDefinition model, WeightFormat format, Parallelism over, string group)
    {
        InferenceWorkload workload = Served.Longest(model, 16, over);
        InferenceSetup setup = engine.Setup(format, workload, engine.Gpu);
        double speed = InferenceSpeed.Deploy(model.Architecture, engine.Gpu, engine.Engine, workload, format).WeightBytes;
        long memory = model.InferenceMemory(setup).Weights.Bytes - InferenceFold.Host(model.Architecture, setup, 1).Weights;
        return Math.Abs(speed - memory) <= 1e-9 * memory ? null
            : new($"{engine.Engine.Name} {format.Name}{group}", $"{model.Name}: speed {speed:N0}, memory {memory:N0}");
    }
}
