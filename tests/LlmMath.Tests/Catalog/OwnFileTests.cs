using System.Reflection;
using System.Text;
using LlmMath.Testing;
using LlmMath.Tests.Interchange;

namespace LlmMath.Tests.Catalog;

/// <summary>Models, GPUs and engines by path or name, at run time.</summary>
public sealed class OwnFileTests : IDisposable
{
    private const string Config = """{ "model_type": "llama", "num_hidden_layers": 1, "torch_dtype": "bfloat16" }""";
    private const string Own = """{ "id": "me/mine", "config": { "model_type": "llama", "num_hidden_layers": 2 } }""";
    private readonly string _folder = Directory.CreateTempSubdirectory("llmmath-own-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AModelIsFoundByNameFolderConfigAndOwnDefinition()
    {
        string config = Write("models/llama/config.json", Config), own = Write("mine.model.json", Own);

        Assert.Same(ModelCatalog.Opt350m, ModelFile.Load("facebook/opt-350m"));
        Assert.Equal(464_531_456, ModelFile.Load(config).ParameterCount());
        Assert.Equal(464_531_456, ModelFile.Load(Path.GetDirectoryName(config)!).ParameterCount());
        ModelDefinition mine = ModelFile.Load(own);
        Assert.Equal(("mine", "me/mine", 666_914_816), (mine.Name, mine.Id, mine.ParameterCount()));
        Assert.Equal(ModelFile.Load(own), mine);
        Assert.True(ModelFile.Load(own) == mine);
    }

    [Fact]
    public void ACheckpointTellsItsModelByItsHeaderOrTheConfigBesideIt()
    {
        ModelDefinition small = GgufModels.Small[0];
        (string Name, long[] Shape)[] tensors = [.. SafetensorsFile.Tensors(small)];
        string file = Path.Combine(_folder, "model.safetensors");
        byte[] header = SafetensorsFile.Header(tensors, out long dataBytes);
        using (FileStream written = File.Create(file))
        {
            written.Write(header);
            written.SetLength(header.Length + dataBytes);
        }

        DefinitionException none = Assert.Throws<DefinitionException>(() => ModelFile.Load(file));
        Assert.Equal((file, DefinitionFault.MissingField), (none.File, none.Fault));
        Assert.Contains("no config.json beside it", none.Message);

        Write("config.json", Config);
        ModelFile read = ModelFile.Open(file);
        Assert.Equal(464_531_456, read.Definition!.ParameterCount());
        Assert.Equal(tensors.Length, read.Header!.Tensors.Count);
        Assert.True(read.IsConfig);
        Assert.Equal(read.Header.Bytes, ModelFile.ReadHeader(file)!.Bytes);
        Assert.Null(ModelFile.ReadHeader(Path.Combine(_folder, "config.json")));
    }

    [Fact]
    public void WhatIsWrongNamesTheFileAndWhatWouldBeRight()
    {
        UnknownNameException unknown = Assert.Throws<UnknownNameException>(() => ModelFile.Load("lama-3.1-8b"));
        Assert.Contains("llama-3.1-8b", unknown.Nearest);
        Assert.StartsWith("\"lama-3.1-8b\" is neither a model of the catalog nor a file.", unknown.Message);

        string bad = Write("bad/config.json", Config.Replace("1,", "\"one\","));
        DefinitionException wrong = Assert.Throws<DefinitionException>(() => ModelFile.Load(bad));
        Assert.Equal((bad, "num_hidden_layers"), (wrong.File, wrong.Field));
        string own = Write("bad.model.json", Own.Replace("2", "-2"));
        wrong = Assert.Throws<DefinitionException>(() => ModelFile.Load(own));
        Assert.Equal((own, "config.num_hidden_layers"), (wrong.File, wrong.Field));

        DefinitionException empty = Assert.Throws<DefinitionException>(() => ModelFile.Load(Directory.CreateDirectory(
            Path.Combine(_folder, "empty")).FullName));
        Assert.Contains("neither a config.json nor a GGUF file", empty.Message);

        Assert.False(ModelFile.TryLoad(bad, out ModelDefinition? model, out string? problem));
        Assert.Null(model);
        Assert.Equal(Assert.Throws<DefinitionException>(() => ModelFile.Load(bad)).Message, problem);
        Assert.True(ModelFile.TryLoad("opt-350m", out model, out problem));
        Assert.Null(problem);
    }

    /// <summary>The generator reads by the same code: each file, read at run time, is the compiled entry.</summary>
    [Fact]
    public void EveryGpuAndEngineReadAtRunTimeIsTheOneThatWasCompiled()
    {
        string catalog = Path.Combine(Repository.Root, "catalog");
        string[] gpus = Directory.GetFiles(Path.Combine(catalog, "gpus"), "*.json", SearchOption.AllDirectories);
        string[] engines = Directory.GetFiles(Path.Combine(catalog, "engines"), "*.json", SearchOption.AllDirectories);
        Assert.Equal(GpuCatalog.All.Count, gpus.Length);
        Assert.Equal(EngineCatalog.All.Count, engines.Length);
        Assert.All(gpus, file => Assert.Equal(GpuCatalog.Find(Path.GetFileNameWithoutExtension(file)), GpuCatalog.Load(file)));
        Assert.All(engines, file => Assert.Equal(
            EngineCatalog.Find(Path.GetFileNameWithoutExtension(file)).ToString(), EngineCatalog.Load(file).ToString()));
    }

    [Fact]
    public void AnOwnGpuIsReadAndItsFaultsAreNamed()
    {
        const string gpu = """{ "name": "Fast 9000", "vendor": "Example", "memory_gib": 80, "sources": ["the box"] }""";
        Gpu fast = GpuCatalog.Load(Write("fast-9000.gpu.json", gpu));
        Assert.Equal(("fast-9000", "Fast 9000", 80.0), (fast.Name, fast.DisplayName, fast.Memory!.Value.Gibibytes));
        Assert.Equal(fast, GpuCatalog.Read(new MemoryStream(Encoding.UTF8.GetBytes(gpu)), "fast-9000"));

        string bad = Write("bad.gpu.json", gpu.Replace("memory_gib", "memory_gb"));
        DefinitionException wrong = Assert.Throws<DefinitionException>(() => GpuCatalog.Load(bad));
        Assert.Equal((bad, "memory_gb"), (wrong.File, wrong.Field));
        Assert.Contains("rtx-4090", Assert.Throws<UnknownNameException>(() => GpuCatalog.Load("rtx-409")).Nearest);

        Assert.True(GpuCatalog.TryFind("rtx-4090", out Gpu? found));
        Assert.Same(GpuCatalog.Rtx4090, found);
        Assert.False(EngineCatalog.TryFind("vlm", out _));
        Assert.Throws<ArgumentNullException>(() => ModelCatalog.Find(null!));
        Assert.Throws<ArgumentNullException>(() => WeightFormat.Find(null!));
    }

    [Theory]
    [InlineData("aliases[1]", "\"aliases\": [ \"Fast\", \"fast\" ]")]
    [InlineData("aliases[0]", "\"aliases\": [ \" \" ]")]
    [InlineData("aliases", "\"aliases\": \"Fast\"")]
    [InlineData("compute_capability", "\"compute_capability\": \"sm_90\"")]
    [InlineData("compute_capability", "\"compute_capability\": 9.0")]
    public void AFaultOfAGpusNamesIsNamed(string field, string fault) => Assert.Equal(field, Assert.Throws<DefinitionException>(
        () => GpuCatalog.Load(Write("named.gpu.json", $$"""{ "name": "N", "vendor": "V", "sources": [ "S" ], {{fault}} }""")))
        .Field);

    [Theory]
    [InlineData("aliases[0]", "\"aliases\": [ \"\" ]")]
    [InlineData("released.date", "\"released\": { \"date\": \"2026\", \"source\": \"s\" }")]
    [InlineData("released.date", "\"released\": { \"date\": \"2026-02-30\", \"source\": \"s\" }")]
    [InlineData("released.source", "\"released\": { \"date\": \"2026-02\" }")]
    [InlineData("released.day", "\"released\": { \"date\": \"2026-02\", \"source\": \"s\", \"day\": 1 }")]
    [InlineData("released", "\"released\": \"2026-02\"")]
    public void AFaultOfAModelsReleaseIsNamed(string field, string fault)
    {
        string file = Write("released.model.json", Own.Replace("\"config\"", fault + ", \"config\""));
        Assert.Equal(field, Assert.Throws<DefinitionException>(() => ModelFile.Load(file)).Field);
    }

    [Fact]
    public void AModelsOtherNamesAndItsReleaseAreRead()
    {
        const string more = """
            "aliases": [ "me/base" ], "released": { "date": "2026-04-24", "source": "the page" }, "config"
            """;
        ModelDefinition model = ModelFile.Load(Write("dated.model.json", Own.Replace("\"config\"", more)));
        Assert.Equal(("2026-04-24", "the page", "me/base"),
            (model.ReleaseDate, model.ReleaseSource, Assert.Single(model.Aliases)));
    }

    [Fact]
    public void ListsPrintTheirItems()
    {
        ValueList<double> numbers = [0.5, 2];
        Assert.Equal("[0.5, 2]", numbers.ToString());
        Assert.EndsWith(", 63, … 1000 in all]", ValueList.Create<int>([.. Enumerable.Range(0, 1000)]).ToString());
        Assert.True(numbers == [0.5, 2]);
        Assert.True(numbers != null);
    }

    [Fact]
    public void WhatWasNeverEstimatedSaysSo()
    {
        Assert.All(
            new object[] { default(MemoryEstimate), default(InferenceEstimate), default(MemoryFit), default(LayerOffload) },
            nothing => Assert.Equal("no estimate", nothing.ToString()));
        Assert.All(typeof(ModelDefinition).Assembly.GetExportedTypes().Where(t => t is { IsValueType: true, IsEnum: false }),
            type => Assert.NotNull(System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type).ToString()));
    }

    /// <summary>What compares by content does so whichever way it is asked.</summary>
    [Fact]
    public void EqualityAgreesWithItsOperator()
    {
        IEnumerable<string> without = typeof(ModelDefinition).Assembly.GetExportedTypes()
            .Where(type => type.GetMethod("Equals", BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly,
                [typeof(object)]) is not null && !type.IsEnum && type.GetMethod("op_Equality") is null)
            .Select(type => type.FullName!);
        Assert.Empty(without);
    }

    private string Write(string path, string text)
    {
        string full = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }
}
