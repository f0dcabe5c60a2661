using LlmMath.Cli.Output;

namespace LlmMath.Cli.Tests;

/// <summary>Tables on terminals of several widths.</summary>
public class TableTests
{
    private static readonly string[] s_numbers = ["1,315,758,080", "1,315,758,080", "6,979,321,856", "8,295,079,936"];

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(200)]
    public void NoLineIsWiderThanTheTerminalAndNoNumberIsBroken(int width)
    {
        string[] lines = Written(width);

        Assert.All(lines, line => Assert.True(line.TrimEnd().Length <= Math.Max(width, 40), line));
        Assert.All(s_numbers, number => Assert.Contains(lines, line => line.Contains(number, StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.Contains("218,103,808", StringComparison.Ordinal));
    }

    [Fact]
    public void WhereThereIsRoomARowIsALine() => Assert.Contains(Written(200), line => line.Contains(
        "32 blocks", StringComparison.Ordinal) && line.Contains("= 218,103,808)   6,979,321,856", StringComparison.Ordinal));

    [Fact]
    public void WhereNoTableFitsEachValueHasItsTitle()
    {
        string[] lines = Written(40);

        Assert.Contains("  parameters     6,979,321,856", lines);
        Assert.Contains("  running total  8,295,079,936", lines);
    }

    [Theory]
    [InlineData("nvidia-nemotron-3-super-120b-a12b-fp8", 12, "nvidia-|nemotron-3-|super-120b-|a12b-fp8")]
    [InlineData("4,096 × 1,024 - 3", 8, "4,096 ×|1,024 -|3")]
    [InlineData("201.33 MB (192.00 MiB)", 4, "201.33|MB|(192.00|MiB)")]
    public void TextBreaksAtSpacesAndWithinNames(string text, int width, string lines) =>
        Assert.Equal(lines.Split('|'), Wrapping.Lines(text, width));

    private static string[] Written(int width)
    {
        Table table = Tables.Of(["term", "formula"], ["parameters", "running total"]);
        table.Row("token embeddings, in and out", "2 × 128,256 × 4,096", s_numbers[0], s_numbers[1]);
        table.Row("32 blocks", "32 × (2 × 4,096² + 2 × 4,096 × 1,024 = 218,103,808)", s_numbers[2], s_numbers[3]);
        using var output = new StringWriter();
        output.WriteTable(table, width);
        return output.ToString().ReplaceLineEndings("\n").Split('\n');
    }
}
