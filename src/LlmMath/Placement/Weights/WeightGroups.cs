using System.Globalization;
using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Placement.Shards;

namespace LlmMath.Placement.Weights;

/// <summary>A model's weights by the bits of their encodings, as a formula.</summary>
internal static class WeightGroups
{
    /// <summary>Σ elements × bits ÷ 8, and what stands beside blocks or fills the last of a row: what <see cref="WeightFold"/>
    /// adds up for the whole model.</summary>
    public static string Formula(Architecture a, WeightFormat format)
    {
        var groups = new SortedDictionary<decimal, Int128>();
        QuantizerFacts facts = QuantizerPlaces.FactsOf(a);
        foreach (Tensor tensor in a.Inputs.Concat(a.Outputs).Where(tensor => tensor.TiedTo is null))
        {
            Add(format.Encode(QuantizerPlaces.Of(tensor, 0, 0, facts)), tensor, 1);
        }

        foreach (Block block in a.Blocks)
        {
            foreach (Tensor tensor in block.Tensors.Where(tensor => tensor.TiedTo is null))
            {
                if (tensor.IsPerLayer && format.VariesByLayer(tensor.Kind))
                {
                    foreach (int layer in block.Layers)
                    {
                        int below = QuantizerPlaces.Below(facts, a, layer, tensor.Kind);
                        Add(format.Encode(QuantizerPlaces.Of(tensor, layer, below, facts)), tensor, 1);
                    }
                }
                else
                {
                    int first = tensor.IsPerLayer ? block.Layers[0] : 0;
                    Add(format.Encode(QuantizerPlaces.Of(tensor, first, 0, facts)), tensor,
                        tensor.IsPerLayer ? block.Layers.Count : 1);
                }
            }
        }

        decimal beside = WeightFold.Sum(a, format, Shard.Whole) - groups.Sum(group => (decimal)group.Value * group.Key / 8);
        CultureInfo culture = CultureInfo.InvariantCulture;
        return string.Join(" + ", groups.Reverse().Select(group =>
                string.Create(culture, $"{(decimal)group.Value:N0} × {group.Key:0.####################} bits ÷ 8")))
            + (beside == 0 ? "" : string.Create(culture, $" + {beside:#,0.####################} bytes beside blocks"));

        void Add(TensorEncoding encoding, Tensor tensor, long layers)
        {
            decimal bits = (decimal)encoding.BlockBits / encoding.BlockElements;
            groups[bits] = groups.GetValueOrDefault(bits) + ((Int128)layers * tensor.Elements);
        }
    }
}
