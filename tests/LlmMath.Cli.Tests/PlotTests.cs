using System.Globalization;
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

        string[] speed = ["speed", "llama-3.1-8b", "--gpu", "h100-sxm-80gb", "--weights", "bf16", "--engine", "vllm",
            "--prompt", "512", "--output", "128", "--batch", "16"];
        string limited = folder.Write("d.svg", ""), roofline = folder.Write("e.svg", ""), train = folder.Write("f.svg", "");
        Assert.Equal(0, Command.Run([.. speed, "--plot", limited, "--max-ttft", "500", "--max-itl", "50",
            "--plot-roofline", roofline]).Exit);
        Assert.Contains("limit, first token", File.ReadAllText(limited));
        Assert.Contains("writing, 16 at once", File.ReadAllText(roofline));
        Command.Run("train", "llama-3.1-8b", "--method", "lora", "--gpu", "h100-sxm-80gb", "--gpus", "1", "--tokens", "1000000",
            "--plot", train);
        Assert.Contains("frozen weights", File.ReadAllText(train));
        Assert.All((string[])[limited, roofline, train], file => Within(XDocument.Load(file)));
        string swings = folder.Write("c.svg", "");
        Assert.Equal(0, Command.Run(["cost", .. s_one, "--plot-tornado", swings]).Exit);
        Assert.Contains("residual value", File.ReadAllText(swings));
    }

    /// <summary>Points of the roofline lie under the roof, and more requests at once bring more arithmetic a byte.</summary>
    [Theory]
    [InlineData("llama-3.1-8b", "h100-sxm-80gb", "bf16")]
    [InlineData("llama-3.1-70b", "b200-sxm-180gb", "fp8")]
    [InlineData("opt-350m", "a100-sxm-80gb", "fp16")]
    public void PointsLieUnderTheRoof(string model, string gpu, string format)
    {
        var on = new Deployment(ModelCatalog.Find(model), GpuCatalog.Find(gpu), EngineCatalog.Vllm, WeightFormat.Find(format));
        (double X, double Y) before = default;
        foreach (int requests in (int[])[1, 8, 64, 256])
        {
            InferenceEstimate e = on.Speed(new Workload(512, 128, requests) { Arrival = Arrival.Together });
            (double X, double Y) point = RooflinePoint.OfToken(on, e);
            Assert.InRange(point.Y, 0, Math.Min(1, point.X) * 1.001);
            Assert.True(point.X > before.X && point.Y > before.Y, $"{requests}: {point} after {before}");
            before = point;
        }

        // By hand: a pass of one request reads all weights, and multiplies each once.
        Gpu h = on.Gpu!;
        double ridge = (format == "fp8" ? h.PeakRates.Fp8!.Value : h.PeakRates.Bf16!.Value) / h.BytesPerSecond!.Value;
        double alone = RooflinePoint.OfToken(on, on.Speed(new Workload(1, 2, 1) { Arrival = Arrival.Together })).X;
        Assert.InRange(alone * ridge, 0.8 * (format == "fp8" ? 2 : 1), 1.3 * (format == "fp8" ? 2 : 1));
    }

    [Fact]
    public void APngIsDrawnWhereAProgramDrawsIt()
    {
        using var folder = new Folder();
        string file = folder.Write("a.png", "");
        Command run = Command.Run("memory", "opt-350m", "--weights", "fp16", "--plot", file);
        if (run.Exit == 0)
        {
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(file)[..4]);
        }
        else
        {
            Assert.Equal(2, run.Exit);
            Assert.Contains("give a .svg", run.Error);
            Assert.Single(run.Error.TrimEnd().Split('\n'));
        }
    }

    [Theory]
    [InlineData("a.gif", "--plot: a file that ends in .svg or .png is right; it is \"a.gif\".")]
    [InlineData("/nowhere/at/all/a.svg", "--plot: ")]
    public void AFileThatCannotBeIsNamed(string file, string error)
    {
        Command run = Command.Run("memory", "opt-350m", "--weights", "fp16", "--plot", file);
        Assert.Equal(2, run.Exit);
        Assert.Contains(error, run.Error);
    }

    // No text begins outside of the canvas, and no two of one line of the legend lie on each other.
    private static void Within(XDocument svg)
    {
        XElement root = svg.Root!;
        (double width, double height) = (Number(root, "width"), Number(root, "height"));
        foreach (XElement text in root.Descendants().Where(element => element.Name.LocalName == "text"))
        {
            string[] at = (text.Attribute("transform")?.Value ?? "").Split('(', ',', ')');
            double x = double.Parse(at[1], CultureInfo.InvariantCulture), y = double.Parse(at[2], CultureInfo.InvariantCulture);
            Assert.True(x >= 0 && x <= width && y >= 0 && y <= height, $"{text.Value} stands at {x}, {y}");
        }

        static double Number(XElement of, string name) =>
            double.Parse(of.Attribute(name)!.Value.TrimEnd('p', 'x'), CultureInfo.InvariantCulture);
    }
}
