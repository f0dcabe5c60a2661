using LlmMath.Engines;
using LlmMath.Speed.Serving;
using LlmMath.Testing;

namespace LlmMath.Calibration.Tests;

/// <summary>Runs of a fixed number of requests, as trtllm-bench makes them.</summary>
public class SaturatedRunTests
{
    private static readonly Observation s_row = EvidenceFiles.Local(Repository.Root).First(row =>
        row.Metric == Metric.Saturated && row.Load.Batch > 3 * row.Load.RoomAtEnd);

    // By hand from finetune_setting: 120 · (1 + 1/16) = 127.5 → at least 2,048; 1,000 · 17 = 17,000 → 17 · 1,024 = 17,408;
    // 3,000 · 17 = 51,000 → 32,768; 1,200 ÷ 4 · 2 · … = 300 · 17 = 5,100 → 10 · 512 = 5,120.
    [Theory]
    [InlineData(120, 128, 2048, 1, 2048)]
    [InlineData(1000, 2048, 128, 1, 17_408)]
    [InlineData(3000, 2048, 128, 1, 32_768)]
    [InlineData(1200, 2048, 128, 4, 5120)]
    public void PassesHoldThePromptsBesideWhatWrites(double room, double prompt, double output, int stages, int tokens) =>
        Assert.Equal(tokens, SaturatedRun.PassTokens(room, prompt, output, stages));

    [Fact]
    public void WavesFollowEachOtherAndTheLastIsShort()
    {
        double room = s_row.Load.RoomAtEnd;
        double Seconds(double requests) => requests * s_row.Load.Output * SaturatedRun.SecondsPerToken(s_row.On,
            EngineConstants.Bound, s_row.Load with { Batch = requests }, (int)requests);
        Assert.Equal(3 * Seconds(room), Seconds(3 * room), 1e-9 * Seconds(3 * room));
        Assert.Equal(Seconds(room) + Seconds(1), Seconds(room + 1), 1e-9 * Seconds(room));
        Assert.True(Seconds(room - 1) < Seconds(room));
    }

    [Fact]
    public void LengthsThatTheSourceDoesNotNameAreRefused() =>
        Assert.Contains("names no requests", Assert.Throws<InvalidDataException>(() => SaturatedRun.Requests(3, 4)).Message);

    [Fact]
    public void MixturesOfSeveralGpusRunAttentionInDataParallel() => Assert.All(
        EvidenceFiles.Local(Repository.Root).Where(row => row.Metric == Metric.Saturated
            && row.Model.Name.StartsWith("qwen3-235b", StringComparison.Ordinal)),
        row => Assert.True(row.On.AttentionReplicas > 1));
}
