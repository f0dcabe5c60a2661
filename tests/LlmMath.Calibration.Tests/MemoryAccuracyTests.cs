using LlmMath.Testing;
using Xunit.Abstractions;

namespace LlmMath.Calibration.Tests;

/// <summary>Calibrated, not exact: errors over measured rows must not grow. docs/ACCURACY.md holds them.</summary>
public class MemoryAccuracyTests(ITestOutputHelper output)
{
    private static readonly IReadOnlyList<MemoryRow> s_rows = MemoryRows.Read(Repository.Root);

    // In percent: what the library reached when each was set, rounded up.
    [Theory]
    [InlineData("autoawq, peak", 0.8, 2.3)]
    [InlineData("ctranslate2, peak", 3.2, 8.5)]
    [InlineData("exllama, peak", 0.6, 1.6)]
    [InlineData("litgpt, peak", 0.3, 0.8)]
    [InlineData("litgpt, peak a GPU", 1.0, 2.0)]
    [InlineData("llama.cpp, cache", 0.02, 0.02)]
    [InlineData("llama.cpp, compute buffer of the GPU", 0.02, 3.6)]
    [InlineData("llama.cpp, compute buffer of the host", 0.1, 0.2)]
    [InlineData("llama.cpp, file size", 0.02, 0.2)]
    [InlineData("llama.cpp, peak", 0.8, 1.3)]
    [InlineData("llama.cpp, recurrent state", 0.01, 0.01)]
    [InlineData("llama.cpp, weights + compute buffers", 0.15, 1.2)]
    [InlineData("mlx, peak", 0.45, 2.7)]
    [InlineData("sglang, cache a token", 0.1, 0.1)]
    [InlineData("transformers, peak", 6.8, 14.7)]
    [InlineData("transformers, peak of its allocator", 2.5, 3.6)]
    [InlineData("vllm, activations", 7.2, 7.2)]
    [InlineData("vllm, cache a token", 0.02, 0.7)]
    [InlineData("vllm, weights", 0.2, 1.8)]
    [InlineData("vllm, weights + activations + runtime", 0.8, 2.8)]
    public void ErrorsDoNotGrow(string group, double median, double ninetieth)
    {
        double[] errors = MemoryText.Errors(MemoryText.Groups(s_rows).Single(rows => rows.Key == group), MemoryPrediction.Of);
        double reachedMedian = Quantile.Of(errors, 0.5), reachedNinetieth = Quantile.Of(errors, 0.9);

        Assert.True(reachedMedian <= median, $"{group}: median {reachedMedian:0.00} %, was at most {median} %");
        Assert.True(reachedNinetieth <= ninetieth,
            $"{group}: 90th percentile {reachedNinetieth:0.00} %, was at most {ninetieth} %");
    }

    [Fact]
    public void EveryGroupOfRowsIsHeldToItsErrors()
    {
        var held = typeof(MemoryAccuracyTests).GetMethod(nameof(ErrorsDoNotGrow))!
            .GetCustomAttributes(typeof(InlineDataAttribute), false).Cast<InlineDataAttribute>()
            .Select(data => (string)data.GetData(null!).Single()[0]);
        Assert.Equal(MemoryText.Groups(s_rows).Select(group => group.Key), held.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void FourInFiveTotalsLieInTheirRange() => Assert.All(
        s_rows.Where(row => row.Quantity == Quantity.Total && row.Use != RowUse.Other).GroupBy(row => row.Engine.Name), group =>
        {
            (double low, double high) = EngineCatalog.Find(group.Key).Memory!.Spread;
            double[] ratios = [.. group.Select(row => row.Bytes / MemoryPrediction.Of(row)).Order()];
            (double tenth, double ninetieth) = (Quantile.Of(ratios, 0.1), Quantile.Of(ratios, 0.9));
            output.WriteLine($"{group.Key}: measured ÷ estimated from {tenth:0.000} to {ninetieth:0.000}");
            Assert.True(ratios.Count(ratio =>
                ratio >= low && ratio <= high) >= 0.8 * ratios.Length, $"{group.Key}: {string.Join(", ", ratios)}");
        });
}
