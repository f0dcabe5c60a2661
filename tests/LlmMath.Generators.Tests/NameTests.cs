using LlmMath.Interchange;
using Microsoft.CodeAnalysis;

namespace LlmMath.Generators.Tests;

/// <summary>Any name makes a member that compiles, or is refused by a diagnostic of its own file.</summary>
public class NameTests
{
    private const string Gpu = """{ "name": "n", "vendor": "v", "memory_gib": 1, "tflops": { "bf16": 1 }, "sources": ["s"] }""";

    private const string Model = """
        { "config": { "model_type": "gpt2", "_list": [1, null, { "a": [] }] },
          "evidence": [ { "kind": "published", "parameters": 124439817, "source": "s", "beyond": [ { "what": "w", "parameters": 9 } ] } ] }
        """;

    [Theory]
    [InlineData("7b-model")]
    [InlineData("@class")]
    [InlineData(".new")]
    [InlineData("(void)")]
    [InlineData("_private")]
    [InlineData("---")]
    [InlineData("😀")]
    [InlineData("an-entry-of-a-name-that-is-so-long-that-the-file-which-a-compiler-writes-for-it-could-have-no-name-in-some-file-systems-"
        + "that-people-use-to-this-day-and-longer-than-anybody-would-type")]
    public void ANameThatNoMemberCanHaveIsReported(string name) =>
        Assert.Equal("LLM009", Assert.Single(Host.Run(new Definition("/m/m.json", Model, name: name)).Diagnostics).Id);

    [Theory]
    [InlineData("all", "the library's own catalog")]
    [InlineData("find", "the library's own catalog")]
    [InlineData("entries", "the catalog itself")]
    [InlineData("model-catalog", "the catalog itself")]
    [InlineData("app-model-catalog", "the catalog itself")]
    [InlineData("model-catalog-extensions", "the catalog itself")]
    [InlineData("equals", "every C# object")]
    [InlineData("get-type", "every C# object")]
    [InlineData("to-string", "every C# object")]
    public void ANameThatIsTakenIsReported(string name, string owner)
    {
        Diagnostic diagnostic = Assert.Single(Host.Run(Definition.Opt(name)).Diagnostics);
        Assert.Equal("LLM006", diagnostic.Id);
        Assert.Contains(owner, diagnostic.GetMessage());
    }

    [Fact]
    public void NoNameOfATypeHidesTheType()
    {
        string[] types = [.. TypesOf(Host.Library.GlobalNamespace).Distinct(StringComparer.OrdinalIgnoreCase)];
        Assert.Contains(nameof(ConfigValue), types);
        Compiles([.. types, "System", "Global", "LlmMath", "String", "Object", "List", "Value", "Field", "Record", "Var"]);
    }

    [Fact]
    public void NoNameOfAnObjectsMemberHidesIt() =>
        Compiles([.. Host.Application.GetSpecialType(SpecialType.System_Object).GetMembers().Select(member => member.Name)]);

    [Fact]
    public void NoDrawnNameBreaksTheBuild()
    {
        const string letters = "aZé中ǆßı9_-. @#(){}<>\"'\\\u0301\u200d\u2028";
        string[] kinds = ["class", "void", "s", "entries", "get", "set", "op", "field", "async", "Entry"];
        var random = new Random(20261130);
        Compiles([.. Enumerable.Range(0, 400).Select(_ => random.GetItems<char>(letters, random.Next(3)).AsSpan().ToString()
            + random.GetItems(kinds, 1)[0] + random.GetItems<char>(letters, random.Next(3)).AsSpan().ToString())]);
    }

    /// <summary>Entries of these names, of all kinds, are members of a compilation without a warning, or have a diagnostic
    /// each.</summary>
    private static void Compiles(string[] names)
    {
        Definition[] definitions =
        [
            .. names.Select((name, i) => new Definition($"/models/{i}.json", Model, name: name)),
            .. names.Select((name, i) => new Definition($"/gpus/{i}.json", Gpu, "gpu", name)),
            .. names.Select((name, i) => new Definition($"/engines/{i}.json", EmissionTests.Engine("bandwidth_efficiency"),
                "engine", name)),
        ];
        GeneratorRunResult result = Host.CompileWhatIsMade(definitions);

        Assert.All(result.Diagnostics, diagnostic => Assert.Contains(diagnostic.Id, new[] { "LLM006", "LLM009" }));
        int members = result.GeneratedSources.Count(source =>
            !source.HintName.EndsWith("Catalog.Entries.g.cs", StringComparison.Ordinal));
        Assert.Equal(definitions.Length, members + result.Diagnostics.Length);
    }

    private static IEnumerable<string> TypesOf(INamespaceSymbol space) => space.GetTypeMembers()
        .SelectMany(type => type.GetTypeMembers().Prepend(type))
        .Where(type => type.DeclaredAccessibility == Accessibility.Public)
        .Select(type => type.Name)
        .Concat(space.GetNamespaceMembers().SelectMany(inner => TypesOf(inner).Prepend(inner.Name)));

    [Fact]
    public void OneFileUnderSeveralNamesIsThereUnderEach()
    {
        var twice = new Definition("/c/config.json", Model, "model\u001Fgpu\u001Fmodel\u001Fmodel", "A\u001F\u001FB\u001FA");
        GeneratorRunResult result = Host.Run(twice);

        Assert.Equal("LLM002", Assert.Single(result.Diagnostics).Id);
        Assert.Equal(["ModelCatalog.A.g.cs", "ModelCatalog.B.g.cs", "ModelCatalog.Entries.g.cs"],
            result.GeneratedSources.Select(source => source.HintName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AClashOfOneNameLeavesTheFilesOther()
    {
        GeneratorRunResult result = Host.Run(new Definition("/c/config.json", Model, "model\u001Fmodel", "All\u001FB"));

        Assert.Equal("LLM006", Assert.Single(result.Diagnostics).Id);
        Assert.Contains(result.GeneratedSources, source => source.HintName == "ModelCatalog.B.g.cs");
    }
}
