using System.Text;
using System.Text.RegularExpressions;
using LlmMath.Interchange.Json;
using LlmMath.Testing;

namespace LlmMath.Tests.Documentation;

/// <summary>Every JSON block of the docs is a definition that can be read, or fails as its fence says.</summary>
public partial class DefinitionBlockTests
{
    public static TheoryData<string, int> Blocks()
    {
        var blocks = new TheoryData<string, int>();
        string docs = Path.Combine(Repository.Root, "docs");
        foreach (string file in Directory.GetFiles(docs, "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            for (int i = 0; i < JsonBlock().Count(File.ReadAllText(file)); i++)
            {
                blocks.Add(Path.GetRelativePath(Repository.Root, file), i);
            }
        }

        return blocks;
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void ABlockReadsOrFailsAsItSays(string file, int index)
    {
        Match block = JsonBlock().Matches(File.ReadAllText(Path.Combine(Repository.Root, file)))[index];
        byte[] json = Encoding.UTF8.GetBytes(block.Groups["json"].Value);
        Exception? error = Record.Exception(() =>
        {
            _ = block.Groups["json"].Value.Contains("\"vendor\"", StringComparison.Ordinal)
                ? (object)GpuJson.Read(json, "entry")
                : ModelJson.ReadStrictly(json, "entry");
        });

        DefinitionFault? expected = block.Groups["id"].Value switch
        {
            "" => null,
            "LLM001" => DefinitionFault.Malformed,
            "LLM002" => DefinitionFault.MissingField,
            "LLM003" => DefinitionFault.UnknownField,
            "LLM004" => DefinitionFault.InvalidValue,
            "LLM005" => DefinitionFault.UnknownFamily,
            "LLM007" => DefinitionFault.Contradiction,
            "LLM008" => DefinitionFault.TooLarge,
            "LLM012" => DefinitionFault.NotUnderstood,
            string other => throw new InvalidOperationException($"{file}: {other} is no diagnostic of a definition."),
        };
        Assert.Equal(expected, (error as DefinitionException)?.Fault);
        Assert.True(error is null or DefinitionException, error?.ToString());
    }

    [GeneratedRegex(@"```json(?: fails (?<id>LLM\d+))?\r?\n(?<json>.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
