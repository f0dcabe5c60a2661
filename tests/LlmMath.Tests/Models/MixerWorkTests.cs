using System.Text.RegularExpressions;
using LlmMath.Speed.Pass;
using LlmMath.Testing;

namespace LlmMath.Tests.Models;

/// <summary>Each kind of mixer and of feed-forward layer says what it does; nothing else asks which kind it is.</summary>
public class MixerWorkTests
{
    public static TheoryData<string> Kinds() => [.. typeof(SequenceMixer).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(SequenceMixer)) || type.IsSubclassOf(typeof(FeedForward)))
        .Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void NoFloorBeyondModelsNamesAKind(string kind)
    {
        string source = Path.Combine(Repository.Root, "src", "LlmMath");
        var name = new Regex($@"^(?!\s*//).*\b{kind}\b");
        string[] beyond = [.. Directory.EnumerateDirectories(source)
            .Where(folder => Path.GetFileName(folder) is not ("Models" or "obj" or "bin"))];
        Assert.Contains(Path.Combine(source, "Speed"), beyond);
        Assert.DoesNotContain(
            beyond.SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)),
            file => File.ReadLines(file).Any(line => name.IsMatch(line)));
    }

    /// <summary>32 layers of 1,000 operations a pair: half of 1,024² pairs in prefill.</summary>
    [Fact]
    public void AKindThatNoEngineWasMeasuredWithHasABoundAlone()
    {
        Architecture llama = ModelCatalog.Llama3_1_8b.Architecture;
        Architecture madeUp = llama with
        {
            Blocks = [.. llama.Blocks.Select(block => block with { Mixers = [new MadeUpMixer()] })],
        };
        EstimateException problem = Assert.Throws<EstimateException>(() => DeployedModel.Of(
            new(On(EngineCatalog.Vllm), madeUp)));
        Assert.Contains("bound", problem.Message, StringComparison.Ordinal);
        var on = DeployedModel.Of(new(On(EngineCatalog.Bound), madeUp));
        double attention = ForwardPass.Prefill(on, EngineConstants.Bound, 1024, 0, 1).Attention;
        Assert.Equal(32 * 1000 * (1024.0 * 1024 / 2) / 989e12, attention, 1e-12);
    }

    private static Deployment On(Engine engine) =>
        new(ModelCatalog.Llama3_1_8b, GpuCatalog.H100Sxm80Gb, engine, WeightFormat.Bf16);

    private sealed record MadeUpMixer : SequenceMixer
    {
        public override CachedState Cache => new() { KeyElements = 64, Heads = 1 };

        public override long ParallelHeads => 8;

        internal override string Word => "made up";

        public override long RotaryElements => 0;

        internal override AttendedElements Attended => default;

        public override MixerWork Work => new()
        {
            PairOperations = 1000,
            CachedPairOperations = 1000,
            PairLimit = null,
            IndexOperations = 0,
            StateOperations = 0,
            ReadElements = 64,
            ReadHeads = 1,
            ScoreHeads = 8,
            Overhead = MixerOverhead.Unmeasured,
        };
    }
}
