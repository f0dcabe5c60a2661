using LlmMath.Testing;
using Microsoft.CodeAnalysis;

namespace LlmMath.Generators.Tests;

/// <summary>Each thing that can be wrong with a definition: its id, and the line and column it is reported at (counted from 1).</summary>
public class DiagnosticTests
{
    [Theory]
    // Broken JSON.
    [InlineData("LLM001", 2, 3, "{\n  ]")]
    [InlineData("LLM001", 1, 1, "")]
    [InlineData("LLM001", 1, 1, "[1, 2]")]
    [InlineData("LLM001", 1, 1, "null")]
    [InlineData("LLM001", 2, 14, "{\n  \"id\": \"x\", \"id\": \"y\" }")]
    // A missing field: at the object, or at the top.
    [InlineData("LLM002", 1, 1, "{ \"id\": \"x\" }")]
    [InlineData("LLM002", 1, 3, "{ \"config\": { } }")]
    [InlineData("LLM002", 1, 52, "{ \"config\": { \"model_type\": \"opt\" }, \"evidence\": [ { \"kind\": \"published\", \"parameters\": 1 } ] }")]
    // An unknown field.
    [InlineData("LLM003", 2, 3, "{\n  \"licence\": \"MIT\", \"config\": { \"model_type\": \"opt\" } }")]
    // A wrong value; é is two bytes and one column.
    [InlineData("LLM004", 1, 38, "{ \"config\": { \"model_type\": \"opt\",   \"hidden_size\": \"wide\" } }")]
    [InlineData("LLM004", 1, 60, "{ \"id\": \"é\", \"config\": { \"a\": \"éé\", \"model_type\": \"opt\",   \"hidden_size\": -1 } }")]
    [InlineData("LLM004", 1, 36, "{ \"config\": { \"model_type\": \"opt\", \"num_attention_heads\": 7 } }")]
    // An unknown family.
    [InlineData("LLM005", 1, 15, "{ \"config\": { \"model_type\": \"lama\" } }")]
    // A published count that the config contradicts.
    [InlineData("LLM007", 2, 40, "{ \"config\": { \"model_type\": \"opt\" },\n  \"evidence\": [ { \"kind\": \"published\", \"parameters\": 5, \"source\": \"s\" } ] }")]
    // Sizes whose product is beyond 64 bits.
    [InlineData("LLM008", 1, 3, "{ \"config\": { \"model_type\": \"llama\", \"hidden_size\": 2147483647, \"num_attention_heads\": 1, \"intermediate_size\": 2147483647, \"num_hidden_layers\": 65536 } }")]
    public void IsReportedWhereItStands(string id, int line, int column, string json)
    {
        Diagnostic diagnostic = Assert.Single(Host.Run(new Definition("/models/entry.json", json)).Diagnostics);

        FileLinePositionSpan at = diagnostic.Location.GetLineSpan();
        Assert.Equal((id, "/models/entry.json", line, column), (diagnostic.Id, at.Path, at.StartLinePosition.Line + 1, at.StartLinePosition.Character + 1));
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.EndsWith("#" + id.ToLowerInvariant(), diagnostic.Descriptor.HelpLinkUri);
    }

    [Fact]
    public void TwoDefinitionsOfOneNameReportTheSecond()
    {
        GeneratorRunResult result = Host.Run(Definition.Opt("tiny"), new Definition("/other/TINY.json", Definition.Opt("x").Text));

        Diagnostic diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal("LLM006", diagnostic.Id);
        Assert.Single(result.GeneratedSources, source => source.HintName.Contains("iny", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("opt-350m", "model")]
    [InlineData("OPT-350M", "model")]
    [InlineData("a100-sxm-80gb", "gpu")]
    public void ANameThatTheLibraryHasIsTaken(string name, string kind)
    {
        string text = kind == "model" ? Definition.Opt("x").Text : """{ "name": "n", "vendor": "v", "sources": ["s"] }""";
        GeneratorRunResult result = Host.Run(new Definition($"/own/{name}.json", text, kind));

        Diagnostic diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal("LLM006", diagnostic.Id);
        Assert.Contains("the library's own catalog", diagnostic.GetMessage());
        Assert.Empty(result.GeneratedSources);
    }

    [Theory]
    [InlineData("all")]
    [InlineData("find")]
    [InlineData("entries")]
    public void NamesOfTheCatalogItselfAreTaken(string name) =>
        Assert.Equal("LLM006", Assert.Single(Host.Run(Definition.Opt(name)).Diagnostics).Id);

    [Fact]
    public void ANameThatBeginsWithADigitIsReported() =>
        Assert.Equal("LLM009", Assert.Single(Host.Run(Definition.Opt("7b-model")).Diagnostics).Id);

    [Fact]
    public void AFileOfFiftyMegabytesIsReported() =>
        Assert.Equal("LLM008", Assert.Single(Host.Run(new Definition("/models/big.json", new string(' ', 50_000_000))).Diagnostics).Id);

    [Fact]
    public void ReplacedBytesAreReportedAsInvalidUtf8() =>
        Assert.Equal("LLM001", Assert.Single(Host.Run(new Definition("/models/bad.json", "{ \"id\": \"\uFFFD\" }")).Diagnostics).Id);

    [Fact]
    public void AGoodDefinitionBesideABadOneIsMade()
    {
        GeneratorRunResult result = Host.Run(Definition.Opt("good"), new Definition("/models/bad.json", "{"));

        Assert.Single(result.Diagnostics);
        Assert.Contains(result.GeneratedSources, source => source.HintName == "ModelCatalog.Good.g.cs");
    }

    [Fact]
    public void EveryDiagnosticHasAnAnchorInTheReadme()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        Assert.All(Descriptors.All, descriptor => Assert.Contains($"<a id=\"{descriptor.Id.ToLowerInvariant()}\"></a>", readme));
    }
}
