using System.Diagnostics;
using System.Text;
using LlmMath.Tests.Interchange;

namespace LlmMath.Tests.Models;

/// <summary>Configs whose layers all differ: time and memory grow with their number, and no faster.</summary>
public class ManyKindsTests
{
    public static TheoryData<string> Families() => ["gemma3n_text", "nemotron-nas", "gemma4_text"];

    [Theory]
    [MemberData(nameof(Families))]
    public void EachTensorThatKindsShareIsThereOnce(string family)
    {
        Architecture a = GgufModels.Read(Config(family, 300)).Architecture;
        Tensor[] tensors = [.. a.Blocks.SelectMany(block => block.Tensors)];
        Assert.Equal(300, a.Blocks.Count);
        Assert.Equal(tensors.Distinct().Count(), tensors.Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.Equal(tensors.Select(tensor => tensor.Name).Distinct().Count(),
            tensors.Select(tensor => tensor.Name).Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void TwiceTheKindsTakeTwiceTheMemoryToRead(string family)
    {
        byte[] some = Encoding.UTF8.GetBytes(Config(family, 1_000)), many = Encoding.UTF8.GetBytes(Config(family, 2_000));
        Assert.InRange((double)Read(many) / Read(some), 1, 2.5);

        static long Read(byte[] config) => Allocation.Least(() => HuggingFaceConfig.Read(new MemoryStream(config)));
    }

    [Fact]
    public void AFieldIsFoundInTheTimeOfOneHoweverManyThereAre()
    {
        ModelConfig some = Fields(500), many = Fields(50_000);
        Assert.Equal(49_999, many["49999"]?.Integer);
        Assert.Null(many["-1"]);
        Assert.InRange(Seconds(many, "49999") / Seconds(some, "499"), 0, 20);

        static ModelConfig Fields(int number) =>
            new([.. Enumerable.Range(0, number).Select(i => new ConfigField($"{i}", (long)i))]);

        static double Seconds(ModelConfig config, string name) => Enumerable.Range(0, 5).Min(_ =>
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < 1_000; i++)
            {
                Assert.NotNull(config[name]);
            }

            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        });
    }

    /// <summary>A config in which no two layers are alike.</summary>
    internal static string Config(string family, int layers)
    {
        string Each(Func<int, string> item) => string.Join(",", Enumerable.Range(0, layers).Select(item));
        string own = family switch
        {
            "gemma3n_text" => $"\"intermediate_size\":[{Each(i => $"{64 + i}")}]",
            "gemma4_text" => $"\"per_layer_config\":{{{Each(i => $"\"{i}\":{{\"head_dim\":{64 + i}}}")}}}",
            _ => $"\"block_configs\":[{Each(i => i % 2 == 0
                ? $"{{\"attention\":{{\"n_heads_in_group\":2}},\"ffn\":{{\"intermediate_size\":{64 + i}}}}}"
                : $"{{\"attention\":{{\"no_op\":true}},\"ffn\":{{\"intermediate_size\":{64 + i}}}}}")}]",
        };
        return $$"""
            {"model_type":"{{family}}","hidden_size":64,"num_attention_heads":4,"num_key_value_heads":2,"num_hidden_layers":{{layers}},"vocab_size":500,{{own}}}
            """;
    }
}
