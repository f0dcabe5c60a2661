using System.Text;
using LlmMath.Interchange;
using LlmMath.Tests.Interchange;

namespace LlmMath.Tests.Catalog;

/// <summary>Models at an address, read by whatever the caller opens.</summary>
public class RemoteFileTests
{
    private const string Config = """{ "model_type": "llama", "num_hidden_layers": 1 }""";

    private static readonly Uri s_folder = new("https://example.org/org/name/");

    [Fact]
    public void AFolderIsItsConfig()
    {
        var opened = new List<Uri>();
        ModelFile read = ModelFile.Open(s_folder, address =>
        {
            opened.Add(address);
            return Bytes(Config);
        });
        Assert.Equal((464_531_456, true, s_folder.AbsoluteUri), (read.Definition!.ParameterCount(), read.IsConfig, read.Name));
        Assert.Equal(new Uri(s_folder, "config.json"), Assert.Single(opened));
    }

    [Fact]
    public void ACheckpointTellsItsModelByItsHeaderOrTheConfigBesideIt()
    {
        ModelDefinition small = GgufModels.Small[0];
        byte[] header = SafetensorsFile.Header([.. SafetensorsFile.Tensors(small)], out long data);
        byte[] whole = [.. header, .. new byte[data]];
        Uri file = new(s_folder, "model.safetensors?signed=1");
        Stream? Open(Uri address) => address == file ? new MemoryStream(whole)
            : address == new Uri(s_folder, "config.json") ? Bytes(Config) : null;

        ModelFile read = ModelFile.Open(file, Open);
        Assert.Equal((header.Length, 464_531_456), (read.Header!.DataStart, read.Definition!.ParameterCount()));
        Assert.Null(ModelFile.Open(file, address => address == file ? new MemoryStream(whole) : null).Definition);
    }

    [Fact]
    public void WhatIsWrongNamesTheAddress()
    {
        Assert.Contains("has no config.json",
            Assert.Throws<DefinitionException>(() => ModelFile.Open(s_folder, _ => null)).Message);
        Assert.StartsWith("https://example.org/org/name/a.gguf is not there",
            Assert.Throws<FileNotFoundException>(() => ModelFile.Open(new Uri(s_folder, "a.gguf"), _ => null)).Message);
        foreach (string name in new[] { "config.json", "a.gguf", "a.safetensors", "model.safetensors.index.json" })
        {
            DefinitionException wrong = Assert.Throws<DefinitionException>(
                () => ModelFile.Open(new Uri(s_folder, name), _ => Bytes("[]")));
            Assert.Equal(new Uri(s_folder, name).AbsoluteUri, wrong.File);
        }

        Assert.Throws<ArgumentNullException>(() => ModelFile.Open(null!, _ => null));
        Assert.Throws<ArgumentNullException>(() => ModelFile.Open(s_folder, null!));
    }

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}
