namespace LlmMath.Tests.Catalog;

public class CatalogTests
{
    [Fact]
    public void MembersAreNamedAfterTheirFiles()
    {
        Assert.Equal("opt-350m", ModelCatalog.Opt350m.Name);
        Assert.Equal("llama-3.1-8b", ModelCatalog.Llama3_1_8b.Name);
        Assert.Equal("a100-sxm-80gb", GpuCatalog.A100Sxm80Gb.Name);
        Assert.Equal("rtx-4090", GpuCatalog.Rtx4090.Name);
    }

    [Theory]
    [InlineData("opt-350m")]
    [InlineData("OPT-350M")]
    [InlineData("facebook/opt-350m")]
    [InlineData("Facebook/OPT-350m")]
    public void FindsByNameAndIdInAnyCase(string name) => Assert.Same(ModelCatalog.Opt350m, ModelCatalog.Find(name));

    [Theory]
    [InlineData("opt-35m", "opt-350m")]
    [InlineData("llama-3.1-8", "llama-3.1-8b")]
    [InlineData("deepseek-v", "deepseek-v3")]
    public void AMissListsTheNearestNames(string name, string expected)
    {
        var miss = Assert.Throws<UnknownNameException>(() => ModelCatalog.Find(name));
        Assert.Contains(expected, miss.Nearest);
        Assert.Contains(expected, miss.Message);
    }

    [Fact]
    public void AMissOfEnormousLengthIsQuick() =>
        Assert.Throws<UnknownNameException>(() => ModelCatalog.Find(new string('x', 1_000_000)));

    [Fact]
    public void EveryEntryHasAnIdAndEvidenceWithSources() => Assert.All(ModelCatalog.All, model =>
    {
        Assert.NotEmpty(model.Id);
        Assert.All(model.Evidence, evidence =>
        {
            Assert.NotEmpty(evidence.Source);
            Assert.Equal(model.ParameterCount(), evidence.Decoder);
        });
    });

    /// <summary>A source that names no place, or a numbered one of an index that only its maker has, is none.</summary>
    [Fact]
    public void EverySourceCanBeFollowed() => Assert.All(ModelCatalog.All, model =>
    {
        Assert.NotEmpty(model.Evidence);
        string[] nowhere = ["file id", "index file", "public table"];
        Assert.All(model.Evidence.Select(evidence => evidence.Source), source => Assert.False(
            nowhere.Any(words => source.Contains(words, StringComparison.Ordinal)), $"{model.Name}: {source}"));
        Assert.Equal(model.ReleaseDate is null, model.ReleaseSource is null);
    });

    [Fact]
    public void NoTwoModelsShareAName()
    {
        var owners = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (ModelDefinition model in ModelCatalog.All)
        {
            foreach (string name in model.Aliases.Append(model.Name).Append(model.Id).Distinct(StringComparer.OrdinalIgnoreCase))
            {
                Assert.True(owners.TryAdd(name, model.Name), $"\"{name}\" is {model.Name} and {owners[name]}");
                Assert.Same(model, ModelCatalog.Find(name));
            }
        }
    }

    [Fact]
    public void EveryGpuHasSourcesAndPlausibleFigures() => Assert.All(GpuCatalog.All, gpu =>
    {
        Assert.NotEmpty(gpu.Sources);
        Assert.True(gpu.UsableMemory is null || gpu.Memory is null || gpu.UsableMemory <= gpu.Memory, gpu.Name);
        // Dense rates: halving the format at most doubles the rate (GeForce: of sums in 16 bits). A sparse rate would double it
        // twice.
        PeakRates r = gpu.PeakRates;
        // Pascal's P40 has fast 8-bit dot products and next to no fp16; Gaudi 3 has fp16 at a quarter of its bf16; Rubin and
        // Trainium 3 multiply small floats at four times their 16-bit rate, dense.
        double? half = r.Fp16Accumulate16 ?? r.Bf16 ?? r.Fp16;
        Assert.True(r.Fp8 is null || half is null || r.Fp8 <= 2.05 * half
            || gpu.Name is "gaudi3" or "vera-rubin-nvl72" or "trainium3", $"{gpu.Name}: fp8");
        Assert.True(r.Int8 is null || half is null || r.Int8 <= 2.05 * half || gpu.Name == "p40", $"{gpu.Name}: int8");
        Assert.True(gpu.BytesPerSecond is null or (> 4e10 and < 3e13), gpu.Name);
        Assert.All(gpu.Prices, price => Assert.NotEmpty(price.Date));
    });

    [Fact]
    public void EntriesAreTheSameObjectEachTime() => Assert.Same(ModelCatalog.DeepseekV3, ModelCatalog.DeepseekV3);
}
