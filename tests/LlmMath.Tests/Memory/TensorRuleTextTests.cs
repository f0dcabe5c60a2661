using LlmMath.Architectures;

namespace LlmMath.Tests.Memory;

/// <summary>Rules of tensors as people write them, and damaged.</summary>
public class TensorRuleTextTests
{
    [Fact]
    public void DamagedRulesAreReadOrAreOneError()
    {
        var random = new Random(20261130);
        string[] good =
        [
            "exps=CPU", "blk\\.(1[0-9]|2[0-4])\\.ffn_.*_exps\\.weight=CUDA0", "ffn_(up|gate)_exps=CPU", "token_embd\\.weight=CPU",
            "blk\\.[0-9]+\\.attn=Vulkan1", "output=Metal",
        ];
        var chat = new Deployment(ModelCatalog.Qwen3_30bA3b, GpuCatalog.Rtx4090, EngineCatalog.LlamaCpp, WeightFormat.Q4KM);
        int read = 0, refused = 0;
        for (int round = 0; round < 400; round++)
        {
            char[] text = [.. good[random.Next(good.Length)]];
            for (int i = random.Next(3); i > 0; i--)
            {
                text[random.Next(text.Length)] = (char)random.Next(round % 2 == 0 ? 32 : 0, round % 2 == 0 ? 127 : 65536);
            }

            try
            {
                var rule = TensorRule.Parse(new(text, 0, round % 8 == 0 ? random.Next(1, text.Length) : text.Length));
                _ = (chat with { Tensors = new() { Rules = [rule] } }).Memory(new(100, 10));
                read++;
            }
            catch (ArgumentException problem)
            {
                Assert.Contains("Tensors", problem.Message);
                refused++;
            }
        }

        Assert.True(read > 20 && refused > 20, $"{read} read, {refused} refused");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void ExpertsOfLessThanNoLayersAreRefused(int layers) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TensorRule.ExpertsOfFirst(layers));

    [Fact]
    public void ExpertsOfMoreLayersThanThereAreAreRefused() => Assert.Contains("more layers than the 48",
        Assert.Throws<ArgumentException>(() => (new Deployment(ModelCatalog.Qwen3_30bA3b, GpuCatalog.Rtx4090,
            EngineCatalog.LlamaCpp, WeightFormat.Q4KM) with { Tensors = new() { Rules = [TensorRule.ExpertsOfFirst(49)] } })
            .Memory(new(100, 10))).Message);
}
