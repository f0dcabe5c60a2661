using LlmMath.Speed;
using LlmMath.Testing;

namespace LlmMath.Calibration.Tests;

/// <summary>The shipped profiles on the rows of catalog/evidence: an error that grows fails. How they fare on rows that a fit has
/// not seen stands in docs/ACCURACY.md.</summary>
public class SpeedAccuracyTests
{
    private static readonly Lazy<List<Observation>> s_rows = new(() =>
        [.. EvidenceFiles.Serving(Repository.Root), .. EvidenceFiles.Local(Repository.Root)]);

    [Theory]
    [InlineData("vllm", nameof(Metric.InterToken), 0.115)]
    [InlineData("sglang", nameof(Metric.InterToken), 0.115)]
    [InlineData("tensorrt-llm", nameof(Metric.InterToken), 0.095)]
    [InlineData("vllm", nameof(Metric.FirstToken), 0.14)]
    [InlineData("sglang", nameof(Metric.FirstToken), 0.25)]
    [InlineData("tensorrt-llm", nameof(Metric.FirstToken), 0.20)]
    [InlineData("tensorrt-llm", nameof(Metric.Saturated), 0.11)]
    [InlineData("llama.cpp-2024", nameof(Metric.InterToken), 0.03)]
    [InlineData("llama.cpp-2024", nameof(Metric.PrefillPass), 0.12)]
    public void TheMedianErrorDoesNotGrow(string engine, string metric, double limit)
    {
        double[] errors = [.. s_rows.Value.Where(row => row.Engine.Name == engine && row.Metric.ToString() == metric)
            .Select(row => Math.Abs((Predict(row) / row.Seconds) - 1)).Order()];
        Assert.True(errors.Length >= 200, $"{errors.Length} rows");
        Assert.True(errors[errors.Length / 2] <= limit, $"{errors[errors.Length / 2]:P1}");
    }

    [Theory]
    [InlineData("vllm")]
    [InlineData("sglang")]
    [InlineData("tensorrt-llm")]
    public void AReleaseFitsItsOwnRowsBetterThanTheNewest(string engine)
    {
        Engine newest = EngineCatalog.Find(engine);
        List<Observation> rows = [.. s_rows.Value.Where(row =>
            row.Engine.Name == engine && row.Release != newest.Speed!.Version)];
        Assert.True(Median(rows, Predict)
            < Median(rows, row => row.Predict(EngineChoice.Of(newest.Speed!, row.Gpu).Generation.Constants)));
        EngineSpeed speed = newest.Speed!;
        Engine back = newest.At(speed.Releases[speed.Releases.Count - 1].Version).At(speed.Version!);
        Assert.Equal(newest, back with { Speed = back.Speed! with { Generations = speed.Generations } });
        Assert.Contains("9.9.9", Assert.Throws<EstimateException>(() => newest.At("9.9.9")).Message);
    }

    [Fact]
    public void TheProfilesBeatTheBoundEverywhere() => Assert.All(
        s_rows.Value.GroupBy(row => (row.Engine.Name, row.Metric)), rows => Assert.True(
            Median(rows, Predict) < 0.5 * Median(rows, row =>
                (row with { On = row.On.AtBound }).Predict(EngineConstants.Bound)), rows.Key.ToString()));

    /// <summary>A fit sums over observations in the order that they come in, so this order must not be the file's.</summary>
    [Fact]
    public void TheOrderOfRowsDoesNotMatter()
    {
        List<Observation> serving = EvidenceFiles.Serving(Repository.Root);
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "catalog/evidence/serving.csv"));
        int head = Array.FindIndex(lines, line => !line.StartsWith('#'));
        string root = Directory.CreateTempSubdirectory("llmmath-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(root, "catalog/evidence"));
            File.WriteAllLines(Path.Combine(root, "catalog/evidence/serving.csv"),
                [lines[head], .. lines[(head + 1)..].Reverse()]);
            List<Observation> reversed = EvidenceFiles.Serving(root);
            Assert.Equal(serving.Select(row => (row.Key, row.Metric, row.Seconds, row.Weight)),
                reversed.Select(row => (row.Key, row.Metric, row.Seconds, row.Weight)));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    internal static double Predict(Observation row)
    {
        EngineSpeed speed = Released(row).Speed!;
        EngineConstants constants = EngineChoice.Of(speed, row.Gpu).Generation.Constants;
        return row.Predict(row.Host is { } host ? constants.WithHost(EngineChoice.OfHost(speed, host).Constants) : constants);
    }

    private static Engine Released(Observation row)
    {
        return row.Release is { } release ? row.Engine.At(release) : row.Engine;
    }

    private static double Median(IEnumerable<Observation> rows, Func<Observation, double> predict)
    {
        double[] errors = [.. rows.Select(row => Math.Abs((predict(row) / row.Seconds) - 1)).Order()];
        return errors[errors.Length / 2];
    }
}
