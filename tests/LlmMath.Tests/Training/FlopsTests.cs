using System.Text;
using LlmMath.Interchange;
using LlmMath.Training;

namespace LlmMath.Tests.Training;

public class FlopsTests
{
    /// <summary>Brown et al., arXiv:2005.14165, table D.1: 3.14·10²³ by 6ND; with attention by the architecture.</summary>
    [Fact]
    public void GptThreeIsAsPrinted()
    {
        ModelDefinition gpt3 = HuggingFaceConfig.Read(new MemoryStream(Encoding.UTF8.GetBytes("""
            {
              "model_type": "gpt2", "n_embd": 12288, "n_head": 96, "n_layer": 96, "n_positions": 2048, "vocab_size": 50257
            }
            """)), "gpt-3");
        const double Tokens = 300e9;
        TrainingFlops causal = TrainingFlops.Of(gpt3, 2048), whole = TrainingFlops.Of(gpt3, 2048, isCausal: false);

        Assert.Equal(3.14e23, Tokens * causal.SixTimesParameters, 0.003 * 3.14e23);
        Assert.Equal(3.19e23, Tokens * causal.PerToken, 0.003 * 3.19e23);
        Assert.Equal(3.23e23, Tokens * whole.PerToken, 0.003 * 3.23e23);
    }

    /// <summary>arXiv:2407.21783, section 1: 3.8·10²⁵ on 15.6·10¹² tokens; with causal attention at 8,192 tokens.</summary>
    [Fact]
    public void LlamaThreeIsAsPrinted()
    {
        TrainingFlops flops = TrainingFlops.Of(ModelCatalog.Llama3_1_405b, 8192);

        Assert.Equal(3.80e25, 15.6e12 * flops.SixTimesParameters, 0.003 * 3.80e25);
        Assert.Equal(3.96e25, 15.6e12 * flops.PerToken, 0.003 * 3.96e25);
        Assert.Contains("6ND", flops.Explain(1000));
    }

    /// <summary>Frozen matrices need no gradients of their own: 4 operations a parameter and token.</summary>
    [Fact]
    public void AnAdapterSavesTheGradientsOfWhatIsFrozen()
    {
        ModelDefinition model = ModelCatalog.Llama3_1_8b;
        TrainingFlops lora = TrainingFlops.Of(model, 4096, LoraSpec.AllLinear(16));

        Assert.Equal((4.0 * model.ParameterCount()) + (6.0 * model.TrainableParameters(LoraSpec.AllLinear(16))), lora.Parameters);
        Assert.Equal(TrainingFlops.Of(model, 4096).Attention, lora.Attention);
    }

    /// <summary>Hoffmann et al., arXiv:2203.15556, table 3: sizes, and tokens as printed, to so many billions. Its row of 67
    /// billion has 4.5 % fewer operations than six times parameters and tokens: C ÷ 6N is not between 1.45 and 1.55
    /// trillion.</summary>
    [Theory]
    [InlineData(400e6, 8.0, 0.1, 1.92e19)]
    [InlineData(1e9, 20.2, 0.1, 1.21e20)]
    [InlineData(10e9, 205.1, 0.1, 1.23e22)]
    [InlineData(67e9, 1500, 100, 5.76e23)]
    [InlineData(175e9, 3700, 100, 3.85e24)]
    [InlineData(280e9, 5900, 100, 9.90e24)]
    [InlineData(520e9, 11_000, 100, 3.43e25)]
    [InlineData(1e12, 21_200, 100, 1.27e26)]
    [InlineData(10e12, 216_200, 100, 1.30e28)]
    public void ChinchillasTableFollowsFromItsOperations(double parameters, double tokens, double digit, double flops)
    {
        double found = ComputeOptimal.Tokens(flops) / 1e9;

        Assert.Equal(1, ComputeOptimal.Parameters(flops) / parameters, 0.013);
        Assert.Equal(1, found / Math.Clamp(found, tokens - (digit / 2), tokens + (digit / 2)), 0.03);
        Assert.Equal(flops, 6 * ComputeOptimal.Parameters(flops) * ComputeOptimal.Tokens(flops), 1e-9 * flops);
    }

    /// <summary>arXiv:2407.21783, section 3.3.4: 419 unexpected interruptions in 54 days: one in 3.09 hours. With checkpoints of
    /// 3 minutes one every 33 minutes loses least.</summary>
    [Fact]
    public void CheckpointsComeAsOftenAsFailuresAsk() =>
        Assert.Equal(0.556, Interruptions.CheckpointInterval(0.05, 54 * 24 / 419.0), 0.001);
}
