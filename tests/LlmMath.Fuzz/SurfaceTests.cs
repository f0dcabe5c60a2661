namespace LlmMath.Fuzz;

/// <summary>Each surface with a fixed seed and a fixed number of inputs; classes run side by side.</summary>
internal static class Fixed
{
    private const int Seed = 20_261_129;

    /// <summary>Runs a surface's inputs; none may fail, and some of them are accepted, some refused.</summary>
    /// <param name="name">The surface.</param>
    /// <param name="inputs">How many.</param>
    /// <param name="least">The least share that is accepted, and that is refused.</param>
    /// <param name="work">What must have been done, and how often at least.</param>
    public static void Run(string name, int inputs, double least, params (string What, long Least)[] work)
    {
        var result = FuzzRun.Of(Surfaces.All.Single(surface => surface.Name == name),
            new FuzzPlan(Seed, 0, inputs, TimeSpan.FromHours(1)));
        Assert.True(result.Failures.Count == 0, string.Join(Environment.NewLine + Environment.NewLine,
            result.Failures.Select(failure => $"{failure.Count} × {failure.Kind}: {failure.First}")));
        Assert.Equal(inputs, result.Tried);
        Assert.InRange(result.Accepted, (long)(least * inputs), inputs);
        Assert.InRange(result.Refused, (long)(least * inputs), inputs);
        Assert.All(work, wanted => Assert.InRange(result.Work.GetValueOrDefault(wanted.What), wanted.Least, long.MaxValue));
    }
}

public class ReaderTests
{
    [Fact]
    public void EveryConfigIsCountedAsItsTensorsOrRefusedByName() =>
        Fixed.Run("readers/config", 5000, 0.05, ("models counted", 500), ("tensors enumerated", 50_000));

    [Fact]
    public void EveryGgufHeaderIsReadAndComparedOrRefusedByName() =>
        Fixed.Run("readers/gguf", 4000, 0.02, ("definitions", 250), ("comparisons", 250));

    [Fact]
    public void EverySafetensorsHeaderIsReadOrRefusedByName() =>
        Fixed.Run("readers/safetensors", 10_000, 0.05, ("tensors read", 1000));

    [Fact]
    public void EveryIndexIsReadOrRefusedByNameAndStaysInItsFolder() =>
        Fixed.Run("readers/index", 10_000, 0.01, ("shards opened", 500));

    [Fact]
    public void EveryTrainingFileIsReadOrRefusedByName() =>
        Fixed.Run("readers/train-config", 4000, 0.05, ("answered", 15));
}

public class EstimateTests
{
    [Fact]
    public void EveryMemoryEstimateIsWholeOrRefused() =>
        Fixed.Run("estimates/memory", 2500, 0.1, ("estimates", 1000), ("limits", 50), ("offloads", 25), ("advice", 10));

    [Fact]
    public void EverySpeedEstimateIsFiniteOrRefused() =>
        Fixed.Run("estimates/speed", 2000, 0.1, ("estimates", 500), ("workings", 50), ("cache comparisons", 25));
}

public class NumericsTests
{
    [Fact]
    public void EveryFormatTakesAnyValuesAndBytes() =>
        Fixed.Run("numerics/formats", 10_000, 0.05, ("values quantized", 100_000), ("values dequantized", 100_000));

    [Fact]
    public void EveryProductIsThePlainOneWithinItsBounds() =>
        Fixed.Run("numerics/products", 1500, 0.01, ("products", 1000), ("cancelled", 5), ("disposed", 5));
}

public class CommandLineTests
{
    [Fact]
    public void EveryLineIsAnsweredOrRefusedInOneLine() =>
        Fixed.Run("command-line", 500, 0.1, ("status 0", 50), ("status 2", 50), ("status 3", 1));
}

public class GeneratorTests
{
    [Fact]
    public void EveryDefinitionBecomesWhatIsReadAtRunTimeOrGetsOneError() =>
        Fixed.Run("generator/definitions", 40, 0, ("entries compared with run time", 40));

    [Fact]
    public void AnyTextStaysText() => Fixed.Run("generator/text", 20, 0, ("entries compared with run time", 80));
}
