using System.Text;
using LlmMath.Engines;
using LlmMath.Speed.Own;

namespace LlmMath.Tests.Speed;

/// <summary>An engine that was calibrated with rows of one's own: what they move, how sure it is then, and what is
/// refused.</summary>
public class OwnMeasurementTests
{
    private static readonly Deployment s_chat =
        new(ModelCatalog.Llama3_1_8b, GpuCatalog.Rtx4090, EngineCatalog.LlamaCpp, WeightFormat.Q4KM);

    private static readonly Workload s_asked = new(1024, 128) { Arrival = Arrival.Together };

    private static double Profile => s_chat.Speed(s_asked).InterTokenLatency.Expected.TotalSeconds;

    [Fact]
    public void OneRowMovesItsOwnModelMuchAnotherModelLittleAndAnotherGpuNotAtAll()
    {
        Engine mine = EngineCatalog.LlamaCpp.CalibratedWith(Row(1.3));

        InferenceEstimate same = (s_chat with { Engine = mine }).Speed(s_asked);
        Deployment other = s_chat with { Model = ModelCatalog.Qwen3_8b }, elsewhere = s_chat with { Gpu = GpuCatalog.Rtx3090 };
        double otherMoved = (other with { Engine = mine }).Speed(s_asked).InterTokenLatency.Expected
            / other.Speed(s_asked).InterTokenLatency.Expected;
        InferenceEstimate foreign = (elsewhere with { Engine = mine }).Speed(s_asked);

        Assert.InRange(same.InterTokenLatency.Expected.TotalSeconds / Profile, 1.2, 1.3);
        Assert.InRange(otherMoved, 1.0001, 1.05);
        Assert.Equal(elsewhere.Speed(s_asked).InterTokenLatency, foreign.InterTokenLatency);
        Assert.Contains("1 of your own measurements moved this estimate, 1 of them of this model.", same.Warnings());
        Assert.Contains(foreign.Warnings(), line => line.Contains("is of rtx-4090 with cuda: it says nothing of this estimate"));
        // Prompts were not measured.
        Assert.Equal(s_chat.Speed(s_asked).TimeToFirstToken, same.TimeToFirstToken);
    }

    [Fact]
    public void MoreRowsAreNarrowerAndRowsThatContradictEachOtherWider()
    {
        double none = Width([]), one = Width([1.2]), three = Width([1.2, 1.22, 1.19]), torn = Width([0.8, 1.2, 1.7]);
        Assert.True(none > one && one > three && torn > one, $"{none} {one} {three} {torn}");
    }

    [Theory]
    [InlineData(0.7)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(1000)]
    public void OneWrongRowOfFiveStaysWithinTheRangeAndIsNamed(double wrong)
    {
        OwnMeasurement[] right = [Row(1.2), Row(1.22), Row(1.19), Row(1.21)];
        InferenceEstimate before = With(right), after = With([.. right, Row(1.2 * wrong) with { Row = "the wrong one" }]);

        Assert.InRange(after.InterTokenLatency.Expected, before.InterTokenLatency.Low, before.InterTokenLatency.High);
        Assert.Contains(after.Warnings(), line => line.StartsWith("the wrong one contradicts the other measurements"));
    }

    [Fact]
    public void TheWorkingSaysWhatTheRowsMoved()
    {
        InferenceEstimate e = With([Row(1.25), Row(1.1) with { Time = MeasuredTime.Prompt, Seconds = 0.2 }]);
        ValueList<SpeedLine> lines = e.Explain();

        // Times are whole ticks of 10⁻⁷ s, one token's as well.
        Assert.Equal(e.TotalTime.Expected.TotalSeconds, lines[lines.Count - 1].Seconds, 1e-7 * s_asked.OutputTokens);
        Assert.Contains(lines, line => line.Term == "between tokens, by your rows");
    }

    [Fact]
    public void WhatCannotBeIsRefusedByItsRow()
    {
        Assert.StartsWith("bench.jsonl, row 3: ", Refused(Row(0.05)));
        Assert.Contains("below", Refused(Row(0.05)));
        Assert.Contains("above 0", Refused(Row(1) with { Seconds = double.NaN }));
        Assert.Contains("above 0", Refused(Row(-1)));
        Assert.Contains("no GPU", Refused(Row(1) with { Deployment = s_chat with { Gpu = null } }));
        Assert.Contains("was measured with vllm, not with llama.cpp",
            Refused(Row(1) with { Deployment = s_chat with { Engine = EngineCatalog.Vllm } }));
        Assert.Contains("at most 500", Assert.Throws<EstimateException>(() =>
            EngineCatalog.LlamaCpp.CalibratedWith([.. Enumerable.Repeat(Row(1), 501)])).Message);
    }

    /// <summary>The bound stays a bound, whatever a row of another model says.</summary>
    [Fact]
    public void NoEstimateBeatsTheBound()
    {
        var bound = (s_chat with { Engine = EngineCatalog.Bound }).Speed(s_asked);
        double fastest = bound.InterTokenLatency.Expected.TotalSeconds / Profile;
        InferenceEstimate e = With([.. Enumerable.Range(0, 40).Select(_ => Row(fastest * 1.001))]);
        Assert.True(e.InterTokenLatency.Expected >= bound.InterTokenLatency.Expected);
    }

    [Fact]
    public void WhatWasLearnedStandsBesideWhatWasAssumed()
    {
        ValueList<LearnedTime> learned = EngineCatalog.LlamaCpp.Learned(Row(1.2), Row(1.22), Row(3));

        Assert.Equal(3, learned.Count);
        Assert.Equal(Profile, learned[0].Assumed.Expected.TotalSeconds, 1e-6);
        Assert.InRange(learned[0].Factor, 1.1, 1.3);
        Assert.True(learned[0].Now.High - learned[0].Now.Low < 1.3 * (learned[0].Assumed.High - learned[0].Assumed.Low));
        Assert.Equal([false, false, true], learned.Select(row => row.IsDoubted));
        // As if it had not been measured: the other two say 1.2.
        Assert.InRange(learned[2].Unseen.TotalSeconds / Profile, 1.1, 1.25);
    }

    [Fact]
    public void ItsFileGivesTheSameEstimate()
    {
        Engine mine = EngineCatalog.LlamaCpp.CalibratedWith(
            Row(1.2), Row(0.9) with { Time = MeasuredTime.Prompt, Seconds = 0.2 });
        byte[] file = Written(mine);
        Engine read = EngineCatalog.Read(new MemoryStream(file), "mine");

        Assert.Equal(mine, read);
        Assert.Equal((s_chat with { Engine = mine }).Speed(s_asked).TotalTime,
            (s_chat with { Engine = read }).Speed(s_asked).TotalTime);
        Engine more = read.CalibratedWith(Row(1.25));
        Assert.Equal(3, more.Speed!.Own.Count);
        var served = new Deployment(ModelCatalog.Llama3_1_8b, GpuCatalog.H100Sxm80Gb, null, WeightFormat.Bf16);
        Engine old = EngineCatalog.Sglang.At("0.5.9").CalibratedWith(
            new OwnMeasurement("r", served, new(1000, 100, 8), MeasuredTime.FirstToken, 0.4));
        Assert.Equal(old, EngineCatalog.Read(new MemoryStream(Written(old)), "old"));
    }

    [Theory]
    [InlineData("\"llama.cpp\"", "\"no-such-engine\"", "based_on")]
    [InlineData("\"fingerprint\": \"", "\"fingerprint\": \"0", "fingerprint")]
    [InlineData("between_tokens", "sometimes", "measured[0].time")]
    [InlineData("\"requests\": 1", "\"requests\": 0.5", "measured[0].requests")]
    [InlineData("\"measured_ms\": ", "\"measured_ms\": -", "measured[0].measured_ms")]
    [InlineData("\"layout\"", "\"surprise\": 1, \"layout\"", "measured[0].surprise")]
    public void WhatIsWrongInAFileIsNamed(string good, string bad, string field)
    {
        string file = Encoding.UTF8.GetString(Written(EngineCatalog.LlamaCpp.CalibratedWith(Row(1.2))));
        Assert.Contains(good, file);
        byte[] wrong = Encoding.UTF8.GetBytes(file.Replace(good, bad, StringComparison.Ordinal));
        var error = Assert.Throws<DefinitionException>(() => EngineCatalog.Read(new MemoryStream(wrong), "mine"));
        Assert.Equal(("mine", field), (error.File, error.Field));
    }

    [Fact]
    public void ADamagedFileIsReadOrIsOneError()
    {
        byte[] good = Written(EngineCatalog.LlamaCpp.CalibratedWith(Row(1.2), Row(1.3)));
        var random = new Random(20261130);
        for (int round = 0; round < 300; round++)
        {
            byte[] bad = [.. good];
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            }

            try
            {
                EngineCatalog.Read(new MemoryStream(bad[..random.Next(1, bad.Length)]), "mine");
                EngineCatalog.Read(new MemoryStream(bad), "mine");
            }
            catch (DefinitionException error)
            {
                Assert.Equal("mine", error.File);
            }
        }
    }

    [Fact]
    public void OnlyWhatTheCatalogHasIsWritten()
    {
        Assert.Contains("was not calibrated", Assert.Throws<EstimateException>(() => Written(EngineCatalog.LlamaCpp)).Message);
        Engine house = EngineCatalog.LlamaCpp with { Name = "house" };
        Assert.Contains("no engine of the catalog", Assert.Throws<EstimateException>(() => Written(house.CalibratedWith(
            Row(1.2) with { Deployment = s_chat with { Engine = null } }))).Message);
    }

    /// <summary>On a GPU that was not measured, what the range is wider by is the machine's: there one row says more of other
    /// models.</summary>
    [Fact]
    public void AWiderRangeIsTheMachines()
    {
        OwnShares measured = OwnShares.Prompt, wider = measured.Widened(new(0.8, 1.25), new(0.64, 1.5625));
        Assert.Equal(1 - ((1 - measured.Machine) / 4), wider.Machine, 9);
        Assert.Equal(measured.Row / 4, wider.Row, 9);
    }

    internal static LearnedTime LearnedOfOne() => EngineCatalog.LlamaCpp.Learned(Row(1.2))[0];

    private static OwnMeasurement Row(double factor) =>
        new("bench.jsonl, row 3", s_chat, s_asked, MeasuredTime.BetweenTokens, factor * Profile);

    private static InferenceEstimate With(OwnMeasurement[] rows) =>
        (s_chat with { Engine = EngineCatalog.LlamaCpp.CalibratedWith(rows) }).Speed(s_asked);

    private static double Width(double[] factors)
    {
        TimeRange range = With([.. factors.Select(Row)]).InterTokenLatency;
        return Math.Log(range.High / range.Low);
    }

    private static string Refused(OwnMeasurement row) =>
        Assert.Throws<EstimateException>(() => EngineCatalog.LlamaCpp.CalibratedWith(row)).Message;

    private static byte[] Written(Engine engine)
    {
        using var stream = new MemoryStream();
        engine.WriteCalibration(stream);
        return stream.ToArray();
    }
}
