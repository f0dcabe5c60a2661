using LlmMath.Calibration;
using LlmMath.Formats;
using LlmMath.Placement.Weights;

namespace LlmMath.Tests.Memory;

/// <summary>What llama.cpp's quantizer chooses, tensor by tensor: as its loader lists it in public logs, and each special case of
/// its source (src/llama-quant.cpp; the commit stands at <see cref="GgufMix"/>).</summary>
public class GgufMixTests
{
    // Pythia: ggml-org/ci, build 4463. Llama: a 7B of 32 layers with as many key as query heads, ollama/ollama issue 1674.
    [Theory]
    [InlineData("pythia-2.8b", "q4_k_m", "Q4_K 81, Q5_K 32, Q6_K 17")]
    [InlineData("pythia-2.8b", "q3_k_m", "Q3_K 33, Q4_K 94, Q5_K 2, Q6_K 1")]
    [InlineData("pythia-2.8b", "q2_k", "Q2_K 65, Q3_K 64, Q6_K 1")]
    [InlineData("pythia-2.8b", "q5_1", "Q5_1 129, Q6_K 1")]
    [InlineData("pythia-2.8b", "q8_0", "Q8_0 130")]
    [InlineData("llama-7b", "q5_k_m", "Q5_K 193, Q6_K 33")]
    public void TensorsAreAsTheLoaderListsThem(string model, string mix, string counts)
    {
        Architecture a = ModelCatalog.Find(model).Architecture;
        var facts = QuantizerPlaces.FactsOf(a);
        var format = WeightFormat.Find(mix);
        IEnumerable<TensorEncoding> ends = a.Inputs.Concat(a.Outputs).Select(tensor =>
            format.Encode(QuantizerPlaces.Of(tensor, 0, 0, facts)));
        IEnumerable<TensorEncoding> blocks = a.Blocks.SelectMany(block => block.Layers.SelectMany(layer =>
            block.Tensors.Select(tensor => Of(a, format, tensor, layer))));

        Assert.Equal(counts, string.Join(", ", ends.Concat(blocks).Where(encoding => encoding.Name != "F32")
            .GroupBy(encoding => encoding.Name).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Key} {group.Count()}")));
    }

    [Theory]
    [InlineData("falcon-7b", "q4_k_m", "Q8_0")]
    [InlineData("llama-3.1-8b", "q4_k_m", "Q6_K")]
    [InlineData("llama-3.1-8b", "iq3_xxs", "Q5_K")]
    [InlineData("llama-3.1-8b", "iq2_xxs", "Q5_K")]
    [InlineData("llama-3.1-8b", "q8_0", "Q8_0")]
    [InlineData("qwen2-0.5b", "q4_k_m", "Q8_0")]
    public void TheHeadIsStoredFiner(string model, string mix, string encoding)
    {
        Architecture a = Definition(model).Architecture;
        Tensor head = a.Outputs.First(tensor => tensor.Role == TensorRole.Head);

        Assert.Equal(encoding, WeightFormat.Find(mix).Encode(
            QuantizerPlaces.Of(head, 0, 0, QuantizerPlaces.FactsOf(a))).Name);
    }

    [Theory]
    // The 70B's few values get more bits, Qwen 1.5's 80 layers too though each head has its own.
    [InlineData("llama-3.1-70b", "q4_k_s", 40, "v_proj", "Q5_K")]
    [InlineData("qwen1.5-72b", "q4_k_s", 40, "v_proj", "Q5_K")]
    [InlineData("llama-3.1-8b", "q4_k_s", 20, "v_proj", "Q4_K")]
    // Eight experts: keys, values and the attention's output.
    [InlineData("mixtral-8x7b", "q4_k_m", 10, "v_proj", "Q8_0")]
    [InlineData("mixtral-8x7b", "q4_k_m", 10, "k_proj", "Q8_0")]
    [InlineData("mixtral-8x7b", "q4_k_m", 10, "o_proj", "Q5_K")]
    // The first and last eighth, and every third between.
    [InlineData("llama-3.1-8b", "q4_k_m", 3, "down_proj", "Q6_K")]
    [InlineData("llama-3.1-8b", "q4_k_m", 4, "down_proj", "Q4_K")]
    [InlineData("llama-3.1-8b", "q4_k_m", 6, "down_proj", "Q6_K")]
    [InlineData("llama-3.1-8b", "q4_k_m", 28, "down_proj", "Q6_K")]
    [InlineData("falcon-7b", "q4_k_m", 20, "dense_4h_to_h", "Q4_K")]
    // Rows that are no whole blocks: 896 elements.
    [InlineData("qwen2-0.5b", "q4_k_m", 10, "q_proj", "Q5_0")]
    [InlineData("qwen2-0.5b", "q2_k", 10, "q_proj", "Q4_0")]
    [InlineData("qwen2-0.5b", "iq4_xs", 10, "q_proj", "IQ4_NL")]
    [InlineData("llama-3.1-8b", "iq2_m", 1, "down_proj", "IQ3_S")]
    [InlineData("llama-3.1-8b", "iq1_s", 10, "o_proj", "IQ2_XXS")]
    [InlineData("llama-3.1-8b", "iq1_s", 10, "v_proj", "Q4_K")]
    public void SpecialCasesAreAsInItsSource(string model, string mix, int layer, string module, string encoding)
    {
        Architecture a = Definition(model).Architecture;
        Tensor tensor = a.Blocks.First(block => block.Layers.Contains(layer)).Tensors.First(t =>
            t.Name.EndsWith(module + ".weight", StringComparison.Ordinal));

        Assert.Equal(encoding, Of(a, WeightFormat.Find(mix), tensor, layer).Name);
    }

    private static TensorEncoding Of(Architecture a, WeightFormat format, Tensor tensor, int layer)
    {
        var facts = QuantizerPlaces.FactsOf(a);
        return format.Encode(
            QuantizerPlaces.Of(tensor, layer, QuantizerPlaces.Below(facts, a, layer, tensor.Kind), facts));
    }

    private static ModelDefinition Definition(string model) => new EvidenceModels(LlmMath.Testing.Repository.Root).Find(model);
}
