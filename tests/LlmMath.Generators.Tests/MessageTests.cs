using System.Globalization;
using System.Text.Json;
using Microsoft.CodeAnalysis;

namespace LlmMath.Generators.Tests;

/// <summary>What a message quotes of a definition can neither begin a line, which would read as a diagnostic of its own, nor
/// steer a terminal.</summary>
public class MessageTests
{
    private const string Forged =
        "x\nProgram.cs(1,1): error CS9999: forged\r\u0085\u2028\u2029\u001b[2J\a\0\u202e\u2066\ufeff\U000E0001";

    [Theory]
    [InlineData("LLM001", "{ \"$\": 1, \"$\": 2 }")]
    [InlineData("LLM001", "{ \"$\": ] }")]
    [InlineData("LLM003", "{ \"config\": { \"model_type\": \"opt\" }, \"$\": 1 }")]
    [InlineData("LLM004", "{ \"config\": \"$\" }")]
    [InlineData("LLM004", "{ \"config\": { \"model_type\": \"opt\", \"hidden_size\": \"$\" } }")]
    [InlineData("LLM004", "{ \"config\": { \"model_type\": \"opt\" }, \"evidence\": [ { \"kind\": \"$\" } ] }")]
    [InlineData("LLM005", "{ \"config\": { \"model_type\": \"$\" } }")]
    [InlineData("LLM005", "{ \"model_type\": \"$\" }")]
    public void OneLineIsPrinted(string id, string json)
    {
        string text = json.Replace("$", JsonEncodedText.Encode(Forged).ToString());
        AssertVisible(id, new Definition("/models/entry.json", text));
    }

    [Theory]
    [InlineData("LLM006", "All")]
    [InlineData("LLM009", "\u001b\nProgram.cs(1,1): error CS9999: forged")]
    public void OneLineIsPrintedOfAName(string id, string name) =>
        AssertVisible(id, new Definition("/models/entry.json", Definition.Opt("x").Text, name: name + "\u2028"));

    [Fact]
    public void NoCharacterReachesATerminalThatIsNotSeen()
    {
        foreach (char[] chunk in Enumerable.Range(0, 0x10000).Select(c => (char)c).Where(c => !char.IsSurrogate(c)).Chunk(1000))
        {
            string name = JsonEncodedText.Encode(chunk).ToString();
            AssertVisible("LLM003", new Definition("/m/m.json", $$"""{ "config": { "model_type": "opt" }, "{{name}}": 1 }"""));
        }
    }

    [Fact]
    public void AMessageQuotesLittle()
    {
        string text = $$"""{ "model_type": "{{new string('x', 500_000)}}" }""";
        Assert.InRange(Assert.Single(Host.Run(new Definition("/m/m.json", text)).Diagnostics).GetMessage().Length, 1, 5_000);
    }

    private static void AssertVisible(string id, Definition definition)
    {
        Diagnostic diagnostic = Assert.Single(Host.Run(definition).Diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.DoesNotContain(diagnostic.GetMessage().EnumerateRunes(), rune => System.Text.Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator);
    }
}
