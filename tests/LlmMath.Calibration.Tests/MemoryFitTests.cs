using LlmMath.Testing;

namespace LlmMath.Calibration.Tests;

public class MemoryFitTests
{
    private static readonly IReadOnlyList<MemoryRow> s_rows = MemoryRows.Read(Repository.Root);

    /// <summary>Peaks made from known constants give back those that decide a peak: of AutoAWQ scores, at long prompts, and of
    /// vLLM logits.</summary>
    [Theory]
    [InlineData("autoawq", "score_bytes", 7)]
    [InlineData("vllm", "logit_bytes", 25)]
    public void KnownConstantsAreRecovered(string name, string constant, double value)
    {
        Engine engine = EngineCatalog.Find(name);
        MemoryConstant known = MemoryConstant.All.Single(c => c.Name == constant);
        Engine truth = engine with { Memory = known.With(engine.Memory!, value) };
        Engine found = MemoryFit.Fit(engine, Synthetic(truth));
        Assert.InRange(known.Get(found.Memory!) / value, 0.97, 1.03);
    }

    /// <summary>Estimates as near to each other from centers twice and half as large. AutoAWQ's peaks are the greater of three
    /// sums, which two sets of constants fit about as well: they agree within 3 %.</summary>
    [Theory]
    [InlineData("autoawq", 0.03)]
    [InlineData("litgpt", 0.01)]
    [InlineData("vllm", 0.01)]
    public void AColdStartEqualsAWarmOne(string name, double apart)
    {
        MemoryRow[] rows = [.. s_rows.Where(row => row.Engine.Name == name && MemoryFit.Tells(row))];
        Engine low = MemoryFit.Fit(rows[0].Engine, rows, 0.5), high = MemoryFit.Fit(rows[0].Engine, rows, 2);
        Assert.All(rows, row =>
            Assert.InRange(MemoryPrediction.Of(row, low) / MemoryPrediction.Of(row, high), 1 - apart, 1 + apart));
    }

    private static MemoryRow[] Synthetic(Engine truth) =>
    [
        .. s_rows.Where(row => row.Engine.Name == truth.Name && MemoryFit.Tells(row))
            .Select(row => row with { Bytes = MemoryPrediction.Of(row, truth) }),
    ];
}
