using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Placement.Weights;

namespace LlmMath.Placement.Work;

/// <summary>What decides which kernels run a model, whatever its sizes: by this it is told whether its like was
/// measured.</summary>
internal sealed class ModelTraits(ValueList<string> layers, string weights)
{
    /// <summary>The kinds of its layers, each once, in order; <c>experts</c> among them where it is a mixture.</summary>
    public ValueList<string> Layers => layers;

    /// <summary>The encoding of most of its weights: <c>Q4_K</c>.</summary>
    public string Weights => weights;

    /// <summary>The traits of a decoder.</summary>
    public static ModelTraits Of(Architecture a, WeightFormat format)
    {
        var kinds = new SortedSet<string>(StringComparer.Ordinal);
        var elements = new Dictionary<string, double>(StringComparer.Ordinal);
        QuantizerFacts facts = QuantizerPlaces.FactsOf(a);
        foreach (Block block in a.Blocks)
        {
            if (block.IsEncoder)
            {
                continue;
            }

            foreach (SequenceMixer mixer in block.Mixers)
            {
                kinds.Add(mixer.Word);
            }

            // The layer in the middle stands for those alike: mixes give the first and the last ones more bits.
            int layer = block.Layers[block.Layers.Count / 2];
            foreach (Tensor tensor in block.Tensors)
            {
                if (tensor.Role == TensorRole.Expert)
                {
                    kinds.Add("experts");
                }

                string name = format.Encode(QuantizerPlaces.Of(tensor, layer, 0, facts)).Name;
                elements[name] = elements.GetValueOrDefault(name)
                    + ((double)tensor.Elements * (tensor.IsPerLayer ? block.Layers.Count : 1));
            }
        }

        string most = "";
        foreach ((string name, double sum) in elements)
        {
            most = most.Length == 0 || sum > elements[most] ? name : most;
        }

        return new([.. kinds], most);
    }

    /// <summary>Both in words: <c>attention + experts in fp8</c>.</summary>
    public override string ToString() => $"{string.Join(" + ", Layers)} in {Weights}";
}
