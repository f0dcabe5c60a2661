using System.Text;
using LlmMath.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace LlmMath.Generators.Tests;

/// <summary>Each thing that can be wrong with a definition: its id, and the line and column it is reported at (counted from
/// 1).</summary>
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
    [InlineData("LLM002", 1, 52,
        """{ "config": { "model_type": "opt" }, "evidence": [ { "kind": "published", "parameters": 1 } ] }""")]
    // An unknown field.
    [InlineData("LLM003", 2, 3, "{\n  \"licence\": \"MIT\", \"config\": { \"model_type\": \"opt\" } }")]
    // A wrong value; é is two bytes and one column.
    [InlineData("LLM004", 1, 38, "{ \"config\": { \"model_type\": \"opt\",   \"hidden_size\": \"wide\" } }")]
    [InlineData("LLM004", 1, 60,
        """{ "id": "é", "config": { "a": "éé", "model_type": "opt",   "hidden_size": -1 } }""")]
    [InlineData("LLM004", 1, 36, "{ \"config\": { \"model_type\": \"opt\", \"num_attention_heads\": 7 } }")]
    // A plain config.json.
    [InlineData("LLM004", 2, 3, "{ \"model_type\": \"opt\",\n  \"num_attention_heads\": 7 }")]
    // Names that hold what parts a path.
    [InlineData("LLM003", 2, 3, "{ \"config\": { \"model_type\": \"opt\" },\n  \"a.b[0].c\": 1 }")]
    [InlineData("LLM003", 2, 3, "{ \"config\": { \"model_type\": \"opt\" },\n  \"\": 1 }")]
    [InlineData("LLM003", 3, 2, """
        { "config": { "model_type": "opt", "hidden_size": [ { } ] },
         "config.hidden_size": 1, "evidence": [ { "kind": "published", "parameters": 1, "source": "s", "beyond": [],
         "[1].kind": 1 } ] }
        """)]
    // Beside, and after, what is JSON in Python alone.
    [InlineData("LLM004", 1, 46, """{ "config": { "model_type": "opt", "a": NaN, "hidden_size": NaN } }""")]
    [InlineData("LLM003", 1, 61, """{ "config": { "model_type": "opt", "a": [-Infinity, NaN] }, "b": Infinity }""")]
    [InlineData("LLM001", 1, 32, """{ "config": { "a": [NaN, NaN], ] }""")]
    // An unknown family.
    [InlineData("LLM005", 1, 15, "{ \"config\": { \"model_type\": \"lama\" } }")]
    // A field that the family does not read, in a definition and in a plain config.json.
    [InlineData("LLM012", 1, 36, """{ "config": { "model_type": "opt", "foo_size": 7 } }""")]
    [InlineData("LLM012", 2, 3, "{ \"model_type\": \"opt\",\n  \"foo_size\": 7, \"attention_dropout\": 0.1 }")]
    // A published count that the config contradicts.
    [InlineData("LLM007", 2, 40, """
        { "config": { "model_type": "opt" },
          "evidence": [ { "kind": "published", "parameters": 5, "source": "s" } ] }
        """)]
    // Differences whose sum, and a count whose distance, is beyond 64 bits.
    [InlineData("LLM008", 2, 3, """
        { "config": { "model_type": "gpt2" }, "evidence": [ { "kind": "published", "parameters": 1, "source": "s",
          "beyond": [ { "what": "w", "parameters": -9223372036854775808 } ] } ] }
        """)]
    [InlineData("LLM007", 2, 3, """
        { "config": { "model_type": "gpt2" }, "evidence": [ { "kind": "published",
          "parameters": 1, "source": "s", "beyond": [ { "what": "w", "parameters": 9223372036854775807 } ] } ] }
        """)]
    // Sizes whose product is beyond 64 bits.
    [InlineData("LLM008", 1, 3, """
        { "config": { "model_type": "llama", "hidden_size": 2147483647, "num_attention_heads": 1,
                      "intermediate_size": 2147483647, "num_hidden_layers": 65536 } }
        """)]
    public void IsReportedWhereItStands(string id, int line, int column, string json)
    {
        Diagnostic diagnostic = Assert.Single(Host.Run(new Definition("/models/entry.json", json)).Diagnostics);

        FileLinePositionSpan at = diagnostic.Location.GetLineSpan();
        Assert.Equal((id, "/models/entry.json", line, column),
            (diagnostic.Id, at.Path, at.StartLinePosition.Line + 1, at.StartLinePosition.Character + 1));
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.EndsWith("#" + id.ToLowerInvariant(), diagnostic.Descriptor.HelpLinkUri);
    }

    [Fact]
    public void TwoDefinitionsOfOneNameReportTheSecond()
    {
        GeneratorRunResult result =
            Host.Run(Definition.Opt("tiny"), new Definition("/other/TINY.json", Definition.Opt("x").Text));

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
    public void AFileOfFiftyMegabytesIsReported()
    {
        var big = new Definition("/models/big.json", new string(' ', 50_000_000));
        Assert.Equal("LLM008", Assert.Single(Host.Run(big).Diagnostics).Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReplacedBytesAreTakenForNoCharacter(bool isUtf8)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Definition.Opt("\uFFFD").Text);
        byte[] broken = [.. bytes.SelectMany<byte, byte>(b => b == 0xEF ? [0xFF] : b is 0xBF or 0xBD ? [] : [b])];
        var definition = new Definition("/models/a.json", () => SourceText.From(new MemoryStream(isUtf8 ? bytes : broken)));

        Assert.Equal(isUtf8 ? [] : ["LLM001 14"],
            Host.Run(definition).Diagnostics.Select(d => $"{d.Id} {d.Location.GetLineSpan().StartLinePosition.Character}"));
    }

    // The compiler reads UTF-16 by its byte order mark, and what is no UTF-8 as its code page.
    [Theory]
    [InlineData("utf-16", "a")]
    [InlineData("utf-16BE", "a")]
    [InlineData("utf-32", "a")]
    [InlineData("iso-8859-1", "é")]
    public void AnotherEncodingIsReported(string encoding, string id)
    {
        var other = new Definition("/models/other.json", Definition.Opt(id).Text, encoding: Encoding.GetEncoding(encoding));

        Diagnostic diagnostic = Assert.Single(Host.Run(other).Diagnostics);
        Assert.Equal("LLM001", diagnostic.Id);
        Assert.Contains($"not UTF-8; it was read as {encoding}", diagnostic.GetMessage());
    }

    [Theory]
    [InlineData("utf-8", "\uFFFD")]
    [InlineData("iso-8859-1", "ascii")]
    public void ATextThatIsUtf8Counts(string encoding, string id) => Assert.Empty(
        Host.Run(new Definition("/models/a.json", Definition.Opt(id).Text,
            encoding: Encoding.GetEncoding(encoding))).Diagnostics);

    [Fact]
    public void AConfigsOwnFieldIsNamedWithoutASectionThatIsNotThere() => Assert.StartsWith("\"num_attention_heads\" must",
        Assert.Single(Host.Run(new Definition("/models/config.json",
            """{ "model_type": "opt", "num_attention_heads": 7 }""")).Diagnostics)
            .GetMessage());

    [Theory]
    [InlineData("\"bandwidth_gb_per_s\": 1e300")]
    [InlineData("\"interconnect_gb_per_s\": 1e300")]
    [InlineData("\"tflops\": { \"bf16\": 1e300 }")]
    [InlineData("\"measured_tflops\": { \"fp8\": 1e297, \"source\": \"s\" }")]
    public void ARateBeyondADoubleIsReported(string field)
    {
        Diagnostic diagnostic = Assert.Single(Host.Run(new Definition("/gpus/fast.json",
            $$"""{ "name": "n", "vendor": "v", "sources": ["s"], {{field}} }""", "gpu")).Diagnostics);
        Assert.Equal("LLM008", diagnostic.Id);
        Assert.Matches("^\"[a-z_.0-9]+\" is too large: at most 2e(29[69]) is right; it is 1E\\+(300|297)\\.$",
            diagnostic.GetMessage());
        Assert.NotEqual(0, diagnostic.Location.GetLineSpan().StartLinePosition.Character);
    }

    [Fact]
    public void AFaultOfTheGeneratorNamesTheFileAndSparesTheOthers()
    {
        GeneratorRunResult result = Host.Run(
            new Definition("/models/broken.json", () => throw new InvalidOperationException("why")), Definition.Opt("good"));

        Diagnostic diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal(("LLM010", "/models/broken.json"), (diagnostic.Id, diagnostic.Location.GetLineSpan().Path));
        Assert.Contains("InvalidOperationException: why", diagnostic.GetMessage());
        Assert.Contains(result.GeneratedSources, source => source.HintName == "ModelCatalog.Good.g.cs");
    }

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
