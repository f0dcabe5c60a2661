using LlmMath.Testing;
using LlmMath.Training;

namespace LlmMath.Calibration.Tests.Training;

/// <summary>Tokens a second of training, catalog/evidence/training.csv and docs/accuracy/training-held-out.csv.</summary>
public class RateTests
{
    private static readonly IReadOnlyList<HeldOutRate> s_rates = HeldOutRateFile.Read(Repository.Root);

    /// <summary>What the file calls the fit of all rows is what the library gives.</summary>
    [Fact]
    public void TheFileIsOfTheConstantsThatTheCatalogHas() => Assert.All(s_rates, rate =>
    {
        double[] values = [.. TrainerCatalog.Find(rate.Row.Trainer).Training!.On(rate.Row.Gpu)!.Values];

        Assert.InRange(Math.Exp(-rate.Row.LogError(values)) / rate.Seen, 0.98, 1.02);
    });

    /// <summary>Fits that have not seen a model on a GPU, made again: other processors round otherwise, and a step of the fit may
    /// then end elsewhere.</summary>
    [Theory]
    [InlineData("gpt-175b on a100-sxm-80gb")]
    [InlineData("deepseek-v3 on gb200")]
    public void TheFileIsWhatTheFitGives(string fold)
    {
        TrainingFit fit = TrainingFit.Of(s_rates.Select(rate => rate.Row).Where(row => row.Fold != fold), TrainingForm.Chosen);

        Assert.All(s_rates.Where(rate => rate.Row.Fold == fold),
            rate => Assert.InRange(Math.Exp(-fit.LogError(rate.Row)) / rate.Unseen, 0.99, 1.01));
    }

    /// <summary>Eight of ten rows lie in their range, which none of them helped to make: 75 to 88 % were asked.</summary>
    [Fact]
    public void RangesHoldEightOfTen() => Assert.InRange(s_rates.Average(rate => rate.IsInside ? 1.0 : 0), 0.75, 0.88);

    /// <summary>A layer with experts has a time of its own: without that term models of that kind are farther off, and the rows
    /// themselves say so.</summary>
    [Fact]
    public void LayersWithExpertsTakeTheHostTime() => Assert.All(
        TrainerCatalog.NemoBridge.Training!.Generations, generation => Assert.InRange(generation.Values[^1], 300, 5000));

    /// <summary>Asked were 5, 12 and 13 % in the median: torchtitan's is missed.</summary>
    [Theory]
    [InlineData("llm-foundry", 158, 0.05, 0.12)]
    [InlineData("nemo-bridge", 176, 0.12, 0.34)]
    [InlineData("torchtitan", 30, 0.15, 0.57)]
    [InlineData("hf-peft", 61, 0.11, 0.27)]
    public void ModelsLeftOutAreNear(string trainer, int rows, double median, double ninety)
    {
        double[] errors = [.. s_rates.Where(rate => rate.Row.Trainer == trainer).Select(rate => Math.Abs(rate.Unseen - 1))];

        Assert.Equal(rows, errors.Length);
        Assert.InRange(Quantile.Of(errors, 0.5), 0, median);
        Assert.InRange(Quantile.Of(errors, 0.9), 0, ninety);
    }

    /// <summary>The usual rule errs nearly twice as much.</summary>
    [Fact]
    public void OneMfuIsFarther()
    {
        double Median(Func<HeldOutRate, double> of) => Quantile.Of(s_rates.Select(rate => Math.Abs(of(rate) - 1)), 0.5);

        Assert.True(Median(rate => rate.Unseen) < 0.6 * Median(rate => rate.Baseline));
    }
}
