using LlmMath.Placement;
using LlmMath.Placement.Shards;
using LlmMath.Placement.Weights;
using LlmMath.Placement.Work;
using LlmMath.Speed.Pass;

namespace LlmMath.Cli.Tests.House;

/// <summary>One truth: the weights that a pass of speed reads are those that memory holds, but for the embedding.</summary>
public class WeightBytesTests
{
    [Fact]
    public void WeightsOfSpeedAreThoseOfMemory() => KnownFailures.Are(
        from engine in Served.Both
        from format in engine.Formats
        from model in engine.Answered
        let failure = Compare(engine, model, format, new(), "")
        where failure is not null
        select failure.Value, nameof(WeightBytesTests));

    [Fact]
    public void WeightsOfSpeedOnManyGpusAreThoseOfMemory() => KnownFailures.Are(
        from engine in Served.Both
        from format in engine.Formats.Where(format => format.Name is "bf16" or "fp8" or "q4_k_m")
        from over in new Parallelism[] { new() { Tensor = 2 }, new() { Pipeline = 2 } }
        where !engine.Engine.SplitsByLayer || over.Tensor == 1
        from model in engine.Answered
        where over.Allows(model.Architecture)
        let failure = Compare(engine, model, format, over, ", " + over)
        where failure is not null
        select failure.Value, nameof(WeightBytesTests) + ".ManyGpus");

    private static Failure? Compare(Served engine, ModelDefinition model, WeightFormat format, Parallelism over, string group)
    {
        Architecture a = model.Architecture;
        PlacedModel placed = new Deployment(model, engine.Gpu, engine.Engine, format) { Placement = over }.Placed;
        WeightFormat loaded = placed.Format;
        ModelWork work = DeployedModel.Of(placed).Work;
        double read = work.Blocks.Bytes + work.Head.Bytes
            + work.Experts.Sum(experts => experts.Layers * experts.Experts * experts.Each.Bytes);
        // A pass reads what layers share once in each of them, and of the encoder nothing.
        Architecture decoder = a with { Blocks = [.. a.Blocks.Where(block => !block.IsEncoder).Select(Untied)] };
        double shared = decoder.Blocks.Sum(block => (block.Layers.Count - 1.0)
            * WeightFold.Sum(decoder with
            {
                Blocks = [block with { Tensors = [.. block.Tensors.Where(tensor => !tensor.IsPerLayer)] }],
            }, loaded, Shard.Whole with { Inputs = InputTensors.None, HasOutputs = false }));
        double held = WeightFold.Sum(decoder, loaded, Shard.Whole with { Inputs = InputTensors.None }) + shared;
        return Math.Abs(read - held) <= 1e-9 * held ? null
            : new($"{engine.Engine.Name} {format.Name}{group}", $"{model.Name}: speed {read:N0}, memory {held:N0}");
    }

    // A layer that an earlier one lends its tensors reads them, though they are stored once.
    private static Block Untied(Block block) =>
        block with { Tensors = [.. block.Tensors.Select(tensor => tensor with { TiedTo = null })] };
}
