using System.Xml.Linq;
using LlmMath.Planning;
using LlmMath.Plots;
using LlmMath.Testing;

namespace LlmMath.Cli.Tests;

/// <summary><c>--plot</c>: pictures beside answers, the same bytes each time.</summary>
public class PlotTests
{
    private static readonly string[] s_one = ["llama-3.1-8b-instruct", "--users", "20", "--gpu", "h100-sxm-80gb"];

    [Fact]
    public void ATornadoIsAsApproved()
    {
        var citation = new Citation("a book", "CC0");
        Swing[] swings =
        [
            new("price", new(2, 1, 3, "USD", citation), 100, 300), new("years", new(5, 3, 7, "years", citation), 250, 150),
            new("nothing", new(1, 1, 1, "", citation), 200, 200),
        ];
        Golden.Verify(Plot.Tornado([.. swings], "US dollars"), "PlotTests.tornado", "svg");
    }

    [Fact]
    public void VerbsDrawTheirAnswers()
    {
        using var folder = new Folder();
        (string Texts, string[] Line)[] asked =
        [
            ("tokens a second of a GPU", ["plan", .. s_one]), ("rent", ["cost", .. s_one]),
            ("between tokens", ["speed", "llama-3.1-8b", "--gpu", "h100-sxm-80gb", "--weights", "bf16", "--engine", "vllm",
                "--prompt", "512", "--output", "128"]),
            ("weights", ["memory", "llama-3.1-8b", "--weights", "bf16", "--gpu", "h100-sxm-80gb"]),
        ];
        foreach ((string texts, string[] line) in asked)
        {
            string first = folder.Write("a.svg", ""), second = folder.Write("b.svg", "");
            Assert.Equal(0, Command.Run([.. line, "--plot", first]).Exit);
            Assert.Equal(0, Command.Run([.. line, "--plot", second]).Exit);
            string svg = File.ReadAllText(first);
            Assert.Equal(svg, File.ReadAllText(second));
            Assert.Contains(XDocument.Parse(svg).Descendants(), element => element.Value == texts);
            Assert.DoesNotContain("NaN", svg);
            Assert.DoesNotContain("xception", svg);
        }

        string swings = folder.Write("c.svg", "");
        Assert.Equal(0, Command.Run(["cost", .. s_one, "--plot-tornado", swings]).Exit);
        Assert.Contains("residual value", File.ReadAllText(swings));
    }

    [Theory]
    [InlineData("a.png", "--plot: a file that ends in .svg is right; it is \"a.png\".")]
    [InlineData("/nowhere/at/all/a.svg", "--plot: ")]
    public void AFileThatCannotBeIsNamed(string file, string error)
    {
        Command run = Command.Run("memory", "opt-350m", "--weights", "fp16", "--plot", file);
        Assert.Equal(2, run.Exit);
        Assert.Contains(error, run.Error);
    }
}
