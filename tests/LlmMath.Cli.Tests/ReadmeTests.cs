using System.Text.RegularExpressions;
using LlmMath.Testing;

namespace LlmMath.Cli.Tests;

/// <summary>A command of README.md or docs/ that is followed by a text block prints that text, but for blanks at the ends of
/// lines; and relative links of both lead to a file.</summary>
public partial class ReadmeTests
{
    public static TheoryData<string> Files() =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith(".received.md", StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(Repository.Root, path)).Append("README.md").Order(StringComparer.Ordinal)];

    [Fact]
    public void TheReadmeOpensWithACommand() => Assert.Matches(Answered(), Text("README.md"));

    [Theory]
    [MemberData(nameof(Files))]
    public void ACommandPrintsWhatStandsBelow(string file) => Assert.All(Answered().Matches(Text(file)), block =>
    {
        var run = Command.Run(block.Groups["line"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(Lines(block.Groups["output"].Value), Lines(run.Output + run.Error));
    });

    [Theory]
    [MemberData(nameof(Files))]
    public void LinksLeadToFiles(string file)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Repository.Root, file))!;
        Assert.All(Link().Matches(Text(file)).Select(link => link.Groups["path"].Value), path =>
            Assert.True(Path.Exists(Path.Combine(folder, path)), $"{file}: {path} is not there."));
    }

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, file)).ReplaceLineEndings("\n");

    private static string[] Lines(string text) =>
        [.. text.ReplaceLineEndings("\n").TrimEnd().Split('\n').Select(line => line.TrimEnd())];

    [GeneratedRegex(@"```sh\nllmmath (?<line>[^\n]*)\n```\n\n```text\n(?<output>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Answered();

    [GeneratedRegex(@"\]\((?<path>[^)#:\s]+)(#[^)]*)?\)")]
    private static partial Regex Link();
}
