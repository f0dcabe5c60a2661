namespace LlmMath.Tests.Catalog;

/// <summary>Models as Ollama (https://ollama.com/library) and GGUF repositories (https://huggingface.co/bartowski,
/// https://huggingface.co/unsloth) name them.</summary>
public class ModelNameTests
{
    [Theory]
    [InlineData("llama3.1:8b", "llama-3.1-8b", null)]
    [InlineData("llama3.1:8b-instruct-q4_K_M", "llama-3.1-8b-instruct", "q4_k_m")]
    [InlineData("qwen3:30b-a3b", "qwen3-30b-a3b", null)]
    [InlineData("qwen3:30b-a3b-instruct-2507-q8_0", "qwen3-30b-a3b-instruct-2507", "q8_0")]
    [InlineData("gpt-oss:20b", "gpt-oss-20b", null)]
    [InlineData("gemma3:27b", "gemma-3-27b-it", null)]
    [InlineData("gemma3:27b-it-q4_K_M", "gemma-3-27b-it", "q4_k_m")]
    [InlineData("codellama:7b", "codellama-7b", null)]
    [InlineData("bartowski/Meta-Llama-3.1-8B-Instruct-GGUF", "llama-3.1-8b-instruct", null)]
    [InlineData("unsloth/gpt-oss-20b-GGUF", "gpt-oss-20b", null)]
    [InlineData("hf.co/unsloth/Qwen3-30B-A3B-Instruct-2507-GGUF:Q4_K_M", "qwen3-30b-a3b-instruct-2507", "q4_k_m")]
    [InlineData("Meta-Llama-3.1-8B-Instruct-Q4_K_M", "llama-3.1-8b-instruct", "q4_k_m")]
    [InlineData("gpt-oss-20b-mxfp4", "gpt-oss-20b", "mxfp4_moe")]
    [InlineData("Llama-3.2-3B-Instruct-f16", "llama-3.2-3b", "gguf-f16")]
    [InlineData("unsloth/Qwen3-30B-A3B-GGUF:UD-Q4_K_XL", "qwen3-30b-a3b", null)]
    [InlineData("qwen3-235b-a22b-fp8", "qwen3-235b-a22b-fp8", null)]
    public void ANameFindsItsEntryAndItsFormat(string name, string entry, string? weights)
    {
        Assert.True(ModelCatalog.TryFind(name, out ModelDefinition? model, out WeightFormat? format), name);
        Assert.Equal((entry, weights), (model.Name, format?.Name));
        Assert.Equal(entry, ModelFile.Load(name).Name);
    }

    [Theory]
    [InlineData("llama3.1", "llama-3.1-8b")]
    [InlineData("qwen3", "qwen3-8b")]
    [InlineData("unsloth/Qwen3-Coder-GGUF", "qwen3-coder-480b-a35b-instruct")]
    [InlineData("lama-3.1-8b", "llama-3.1-8b")]
    public void WhatIsSeveralOrNoneIsSuggested(string name, string suggested)
    {
        Assert.False(ModelCatalog.TryFind(name, out _));
        Assert.Contains(suggested, Assert.Throws<UnknownNameException>(() => ModelCatalog.Find(name)).Nearest);
        Assert.Contains(suggested, Assert.Throws<UnknownNameException>(() => ModelFile.Load(name)).Nearest);
    }

    /// <summary>A file that is not there is no model of the catalog.</summary>
    [Theory]
    [InlineData("llama-3.1-8b-Q4_K_M.gguf")]
    [InlineData("hf:meta-llama/llama-3.1-8b")]
    [InlineData("https://huggingface.co/meta-llama/llama-3.1-8b")]
    [InlineData("models\\llama-3.1-8b")]
    public void NamesOfFilesAndAddressesAreNot(string name) => Assert.False(ModelCatalog.TryFind(name, out _));

    [Fact]
    public void EveryEntryIsStillFoundByAllOfItsNames()
    {
        foreach (string name in ModelCatalog.Entries.Names)
        {
            ModelDefinition model = ModelCatalog.Find(name);
            Assert.Equal(name, model.Name);
            Assert.Same(model, ModelCatalog.Find(model.Id!));
            // As Ollama would: the first hyphen a colon.
            Assert.True(!ModelCatalog.TryFind(name.Replace('-', ':'), out ModelDefinition? other) || other == model, name);
        }
    }

    [Fact]
    public void Mxfp4OfAGgufIsWhatPeopleDownload()
    {
        Deployment On(Engine? engine) => new(ModelCatalog.GptOss20b, GpuCatalog.Rtx4090, engine, WeightFormat.Mxfp4);
        Assert.Equal("mxfp4_moe", On(EngineCatalog.LlamaCpp).Weights.Name);
        Assert.Equal("mxfp4", On(EngineCatalog.Vllm).Weights.Name);
        Assert.Equal("mxfp4", On(EngineCatalog.Bound).Weights.Name);
    }
}
