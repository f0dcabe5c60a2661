using System.Globalization;

namespace LlmMath.Interchange;

/// <summary>Compares checkpoints that use the reference implementation's own names, perhaps under another prefix.</summary>
internal static class NamedComparison
{
    public static CheckpointComparison Of(CheckpointHeader header, ModelDefinition definition)
    {
        Architecture architecture = definition.Architecture;
        var stored = header.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        var prefix = PrefixChange.Between(architecture.Inputs[0].Name, stored.Keys);
        var missing = new List<string>();
        var mismatched = new List<ShapeMismatch>();
        var beyond = new List<string>();
        int matched = 0;
        foreach (CheckpointTensor expected in architecture.EnumerateTensors())
        {
            if (prefix.Find(expected.Name, stored) is { } found)
            {
                stored.Remove(found.Name);
                if (expected.Kind.TiedTo is not null)
                {
                    beyond.Add(found.Name);
                }
                else if (IsShape(found, expected.Shape))
                {
                    matched++;
                }
                else
                {
                    mismatched.Add(new ShapeMismatch(found.Name, expected.Shape.ToString(), ShapeText(found.Shape)));
                }

                TakeScales(found.Name, stored, beyond);
            }
            else if (QuantizedTensor.Take(prefix.Names(expected.Name), stored, beyond) is { } elements)
            {
                matched += elements == expected.Elements ? 1 : 0;
                if (elements != expected.Elements)
                {
                    mismatched.Add(
                        new ShapeMismatch(expected.Name, expected.Shape.ToString(), $"{elements} elements, quantized"));
                }
            }
            else if (expected.Kind.TiedTo is null)
            {
                missing.Add(expected.Name);
            }
        }

        foreach (CheckpointTensor addition in architecture.Additions.SelectMany(a => a.EnumerateTensors()))
        {
            if (prefix.Find(addition.Name, stored) is { } found)
            {
                stored.Remove(found.Name);
                beyond.Add(found.Name);
                TakeScales(found.Name, stored, beyond);
            }
        }

        return new CheckpointComparison
        {
            Against = definition.Name,
            Matched = matched,
            Missing = [.. missing],
            Unexpected = [.. stored.Keys.OrderBy(name => name, StringComparer.Ordinal)],
            Mismatched = [.. mismatched],
            Beyond = [.. beyond],
        };
    }

    public static string ShapeText(ValueList<long> shape) =>
        $"[{string.Join(", ", shape.Select(size => size.ToString(CultureInfo.InvariantCulture)))}]";

    // A convolution may be stored with its axis of one, or without.
    private static bool IsShape(StoredTensor found, TensorShape shape)
    {
        IEnumerable<long> expected = Enumerable.Range(0, shape.Rank).Select(axis => shape[axis]);
        return found.Shape.SequenceEqual(expected)
            || (found.Elements == shape.Elements && WithoutOnes(found.Shape).SequenceEqual(WithoutOnes(expected)));

        static IEnumerable<long> WithoutOnes(IEnumerable<long> axes) => axes.Where(size => size > 1);
    }

    private static void TakeScales(string name, Dictionary<string, StoredTensor> stored, List<string> beyond)
    {
        foreach (string suffix in QuantizedTensor.ScaleSuffixes)
        {
            if (stored.Remove(name + suffix))
            {
                beyond.Add(name + suffix);
            }
        }
    }
}
