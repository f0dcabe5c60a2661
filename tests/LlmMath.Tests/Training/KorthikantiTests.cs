using System.Text;
using LlmMath.Interchange;
using LlmMath.Training;

namespace LlmMath.Tests.Training;

/// <summary>Korthikanti et al., arXiv:2205.05198: tables 2 and 3, and the first stages of figure 1 as calculon-ai/calculon,
/// validation, has their numbers.</summary>
public class KorthikantiTests
{
    /// <summary>Name, hidden size, heads, layers, stages, runs of layers a stage, micro-batch; GiB of the first stage's
    /// activations without and with sequence parallelism and selective recomputation, and of parameters and
    /// optimizer.</summary>
    public static TheoryData<string, int, int, int, int, int, int, double, double, double> Models => new()
    {
        { "22B", 6144, 64, 48, 1, 1, 4, 59.25, 9.5625, 45.5625 },
        { "175B", 12288, 96, 96, 8, 3, 1, 66.84375, 12.3515625, 45.5625 },
        { "530B", 20480, 128, 105, 35, 3, 1, 114.0234375, 23.076171875, 31.640625 },
        { "1T", 25600, 160, 128, 64, 1, 1, 131.25, 26.5625, 32.958984375 },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void FirstStagesAreEqualToTheLastDigit(string name, int hidden, int heads, int layers, int stages, int runs, int batch,
        double without, double with, double states)
    {
        var on = new Deployment(Gpt(name, hidden, heads, layers), null, TrainerCatalog.Megatron, WeightFormat.Bf16)
        {
            Placement = new() { Tensor = 8, Pipeline = stages },
        };
        TrainingRun run = Run(batch) with { Interleaving = runs };

        Assert.Equal(without, Activations(on, run));
        Assert.Equal(with, Activations(on, run with { SequenceParallel = true, Recomputation = Recomputation.Selective }));
        // 18 bytes of 12·h² parameters of the first stage's layers, divided by 8.
        Assert.Equal(states, 18.0 * 12 * hidden * hidden * layers / stages / 8 / (1L << 30));
    }

    /// <summary>Table 2, of one layer: s·b·h times the factor.</summary>
    [Theory]
    [InlineData(1, false, Recomputation.None, 34, 5, 1)]
    [InlineData(8, false, Recomputation.None, 10 + (24.0 / 8), 5, 8)]
    [InlineData(8, true, Recomputation.None, 34.0 / 8, 5, 8)]
    [InlineData(8, false, Recomputation.Selective, 10 + (24.0 / 8), 0, 8)]
    [InlineData(8, true, Recomputation.Selective, 34.0 / 8, 0, 8)]
    [InlineData(1, false, Recomputation.Full, 2, 0, 1)]
    public void EveryFormOfTableTwoIsThere(int tensor, bool sequence, Recomputation recomputation, double each, double scores,
        int scoresBy)
    {
        const int Hidden = 12288, Heads = 96, Length = 2048;
        var on = new Deployment(Gpt("one layer", Hidden, Heads, 1), null, TrainerCatalog.Megatron, WeightFormat.Bf16)
        {
            Placement = new() { Tensor = tensor },
        };
        double expected = (double)Length * Hidden * (each + (scores * Heads * Length / Hidden / scoresBy));

        Assert.Equal(expected / (1L << 30), Activations(on, Run(1) with
        {
            SequenceParallel = sequence, Recomputation = recomputation,
        }));
    }

    /// <summary>Figure 7: what is left of the tensor-parallel baseline, read off within 1.5 %.</summary>
    [Theory]
    [InlineData(6144, 64, 4)]
    [InlineData(12288, 96, 1)]
    public void BothTogetherLeaveAFifth(int hidden, int heads, int batch)
    {
        var on = new Deployment(Gpt("one", hidden, heads, 1), null, TrainerCatalog.Megatron, WeightFormat.Bf16)
        {
            Placement = new() { Tensor = 8 },
        };
        double all = Activations(on, Run(batch));
        double left = Activations(on, Run(batch) with { SequenceParallel = true, Recomputation = Recomputation.Selective });

        Assert.InRange(left / all, 0.15, 0.2);
    }

    private static double Activations(Deployment on, TrainingRun run) => on.Training(run).Memory.Parts
        .Single(part => part.Name == "activations").Size.Gibibytes;

    private static TrainingRun Run(int batch) => new(TrainingMethod.Pretrain, 1)
    {
        SequenceLength = 2048, MicroBatch = batch, Attention = AttentionKernel.Eager,
    };

    private static ModelDefinition Gpt(string name, int hidden, int heads, int layers) => HuggingFaceConfig.Read(
        new MemoryStream(Encoding.UTF8.GetBytes($$"""
            {
              "model_type": "gpt2", "n_embd": {{hidden}}, "n_head": {{heads}}, "n_layer": {{layers}}, "n_positions": 2048,
              "vocab_size": 51200
            }
            """)), name);
}
