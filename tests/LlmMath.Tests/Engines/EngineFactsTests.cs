using System.Globalization;
using System.Text;
using LlmMath.Testing;

namespace LlmMath.Tests.Engines;

/// <summary>What the files of catalog/engines say, as the estimates read it.</summary>
public class EngineFactsTests
{
    public static TheoryData<string> Names => [.. EngineCatalog.Entries.Names];

    [Fact]
    public void WhatIsKnownOfEachEngineIsAsApproved()
    {
        var text = new StringBuilder();
        foreach (Engine engine in EngineCatalog.All.OrderBy(engine => engine.Name, StringComparer.Ordinal))
        {
            WriteShared(text, engine);
            WriteMemory(text, engine);
            WriteSpeed(text, engine);
        }

        Golden.Verify(text.ToString(), "Engines");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void MemoryAndSpeedAreKnownOrItIsSaidWhyNot(string name)
    {
        Engine engine = EngineCatalog.Find(name);
        Assert.NotEqual(engine.Memory is null, engine.MemoryUnknown is null);
        Assert.NotEqual(engine.Speed is null, engine.SpeedUnknown is null);
        Assert.True(engine.Memory is not null || engine.Speed is not null, name);
        Assert.Equal(name, engine.Name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryConditionIsMetBySomeGpuOfTheCatalog(string name)
    {
        Engine engine = EngineCatalog.Find(name);
        GpuCondition[] conditions = [engine.RunsOn, .. engine.ByGpu.Select(entry => entry.Gpu)];
        Assert.All(conditions, condition =>
        {
            Assert.All(condition.Gpus, name => Assert.Contains(name, GpuCatalog.Entries.Names));
            Assert.All(condition.Vendors.Concat(condition.NotVendors),
                vendor => Assert.Contains(GpuCatalog.All, gpu => gpu.Vendor == vendor));
            Assert.All(condition.Architectures, word => Assert.Contains(GpuCatalog.All, gpu => gpu.Architecture == word));
            Assert.Contains(GpuCatalog.All, condition.Matches);
        });
    }

    [Fact]
    public void NoNameFindsTwoEngines()
    {
        string[] names = [.. EngineCatalog.All.SelectMany(engine => engine.Aliases.Prepend(engine.Name))];
        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        int[] ranks = [.. EngineCatalog.All.Select(engine => engine.Rank).OfType<int>()];
        Assert.Equal(ranks.Length, ranks.Distinct().Count());
    }

    [Theory]
    [InlineData("llama-cpp", "llama.cpp")]
    [InlineData("LLAMA.CPP", "llama.cpp")]
    [InlineData("reference", "bound")]
    [InlineData("vLLM", "vllm")]
    public void AnOldSpellingFindsTheEngine(string spelling, string name)
    {
        Assert.Equal(name, EngineCatalog.Find(spelling).Name);
        Assert.Same(EngineCatalog.Find(name), EngineCatalog.Find(spelling));
    }

    [Fact]
    public void ExLlamaAndExLlamaV2AreTwoEngines()
    {
        Assert.NotNull(EngineCatalog.Exllama.Memory);
        Assert.Null(EngineCatalog.Exllama.Speed);
        Assert.NotNull(EngineCatalog.Exllamav2.Speed);
        Assert.Null(EngineCatalog.Exllamav2.Memory);
    }

    private static void WriteShared(StringBuilder text, Engine e)
    {
        LoadPolicy l = e.Load;
        Line(text, $"{e.Name}, {e.DisplayName}");
        Line(text, $"  loads {Join(WeightFormat.All.Where(e.Loads).Select(f => f.Name))}");
        Line(text, $"  caches {Join(CacheFormat.All.Where(e.Caches).Select(f => f.Name))}");
        ILookup<string, Gpu> vendors = GpuCatalog.All.ToLookup(g => g.Vendor);
        IEnumerable<string> foreign = vendors.Where(v => !v.Any(e.SupportsGpu)).Select(v => v.Key)
            .Concat(vendors.Where(v => v.Any(e.SupportsGpu)).SelectMany(v => v).Where(g => !e.SupportsGpu(g))
                .Select(g => g.Name));
        Line(text, $"  does not run on {Join(foreign.Order(StringComparer.Ordinal))}");
        Line(text, $"  page {e.Cache.PageTokens}, state {e.Cache.StateBytes}, convolution {e.Cache.ConvolutionBytes}");
        Line(text, $"  packs {e.Cache.PacksSparse}, windows {e.Cache.Windows}");
        Line(text,
            $"  by layer {e.SplitsByLayer}, pads {l.PadsMxfp4}, head {l.QuantizesHead}, vocabulary {l.ReplicatesVocabulary}");
        Line(text, $"  ends {l.KeepsEndsTogether}, fuses {l.FusesProjections}, host {l.KeepsInputsOnHost}");
        Line(text, $"  head copies {l.HeadCopies}, matrix copies {l.MatrixCopies}");
        Line(text, $"  rows {e.Pass.LogitRows}, whole context {e.Pass.ReservesWholeContext}, inputs {e.Pass.InputCopies}");
        ByGpu(text, e, on => $"pass {on.Pass.Tokens}, fixed rows {on.Pass.FixedLogitRows}"
            + string.Create(CultureInfo.InvariantCulture, $", share {on.MemoryShare}")
            + $", runtime {Range(on.Memory?.Reserve.Runtime ?? default)}");
    }

    private static void WriteMemory(StringBuilder text, Engine e)
    {
        if (e.Memory is not { } m)
        {
            Line(text, $"  memory unknown: {e.MemoryUnknown}");
            return;
        }

        BufferPolicy b = m.Buffers;
        Line(text, $"  bytes: logit {b.LogitBytes}, hidden {b.HiddenBytes}, beside logits {b.LogitHiddenBytes}");
        Line(text, $"  intermediate {b.IntermediateBytes}, expert {b.ExpertBytes}, score {b.ScoreBytes}, mask {b.MaskBytes}");
        Line(text, $"  rotary {b.TabulatesRotary}");
        Line(text, $"  measured {m.IsMeasured}, spread {m.Spread.Low} to {m.Spread.High}");
        Line(text, $"  communication {Range(m.Reserve.Communication)}, graphs {Range(m.Reserve.Graphs)}");
    }

    private static void WriteSpeed(StringBuilder text, Engine e)
    {
        if (e.Speed is not { } s)
        {
            Line(text, $"  speed unknown: {e.SpeedUnknown}");
            return;
        }

        // Fitted constants come and go with the fit; their number and order do not.
        Line(text, $"  continuous {s.IsContinuous}, apart {s.ReadsPromptsApart}, half {s.SumsInHalf}, scores {s.WritesScores}, unpacks {s.UnpacksWeights}");
        Line(text, $"  quantizes {s.QuantizesActivations}, launches {s.QueuedLaunches}");
        Line(text, $"  generations {Join(s.Generations.Select(g => g.Architecture).Distinct())}");
    }

    private static void ByGpu(StringBuilder text, Engine engine, Func<Engine, string> of)
    {
        Line(text, $"  {of(engine)}");
        foreach (IGrouping<string, Gpu> group in GpuCatalog.All.GroupBy(gpu => of(engine.On(gpu)))
            .Where(group => group.Key != of(engine)).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            Line(text, $"  {group.Key} on {Join(group.Select(gpu => gpu.Name).Order(StringComparer.Ordinal))}");
        }
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static string Join(IEnumerable<string> words) => string.Join(' ', words);

    private static string Range(ByteRange r) => string.Create(CultureInfo.InvariantCulture,
        $"{r.Low.Bytes >> 20} {r.Expected.Bytes >> 20} {r.High.Bytes >> 20} MiB");
}
