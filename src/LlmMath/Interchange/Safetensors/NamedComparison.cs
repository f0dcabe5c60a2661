using System.Globalization;
using LlmMath.Architectures;
using LlmMath.Models;

namespace LlmMath.Interchange;

/// <summary>Compares checkpoints that use the reference implementation's own names, perhaps under another prefix.</summary>
internal static class NamedComparison
{
    private static readonly HashSet<long> s_none = [];

    public static CheckpointComparison Of(CheckpointHeader header, ModelDefinition definition)
    {
        Architecture architecture = definition.Architecture;
        var file = new Checkpoint(header, PrefixChange.Between(
            architecture.Inputs[0].Name, header.Tensors.Select(tensor => tensor.Name)));
        var missing = new MissingTensors();
        foreach (TensorRun run in architecture.Runs())
        {
            HashSet<long> found = s_none;
            if (file.Numbers.HasLayer(run.Layer))
            {
                found = [.. file.Numbers.Experts(run, file.Prefix).Where(expert => file.Take(run.At(expert)))];
            }

            if (run.Kind.TiedTo is null)
            {
                missing.Add(run, found);
            }
        }

        foreach (TensorRun run in architecture.Additions.SelectMany(addition => addition.Runs()))
        {
            foreach (long expert in file.Numbers.Experts(run, file.Prefix))
            {
                file.TakeBeyond(run.At(expert).Name);
            }
        }

        return new CheckpointComparison
        {
            Against = definition.Name,
            Matched = file.Matched,
            Missing = missing.Names,
            MissingCount = missing.Count,
            Unexpected = [.. file.Left.Keys.OrderBy(name => name, StringComparer.Ordinal)],
            Mismatched = [.. file.Mismatched],
            Beyond = [.. file.Beyond],
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

    /// <summary>The file's tensors, and what became of those that were taken out of them.</summary>
    private sealed class Checkpoint(CheckpointHeader header, PrefixChange prefix)
    {
        public PrefixChange Prefix { get; } = prefix;

        public NameNumbers Numbers { get; } = new(header.Tensors.Select(tensor => tensor.Name));

        public Dictionary<string, StoredTensor> Left { get; } =
            header.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);

        public int Matched { get; private set; }

        public List<ShapeMismatch> Mismatched { get; } = [];

        public List<string> Beyond { get; } = [];

        /// <summary>Takes a tensor of the definition out of what is left.</summary>
        /// <returns>Whether it was there, under its name or packed.</returns>
        public bool Take(CheckpointTensor expected)
        {
            if (Prefix.Find(expected.Name, Left) is { } found)
            {
                Left.Remove(found.Name);
                if (expected.Kind.TiedTo is not null)
                {
                    Beyond.Add(found.Name);
                }
                else
                {
                    Compare(IsShape(found, expected.Shape), found.Name, expected.Shape, ShapeText(found.Shape));
                }

                TakeScales(found.Name);
                return true;
            }

            if (QuantizedTensor.Take(Prefix.Names(expected.Name), Left, Beyond) is { } elements)
            {
                Compare(elements == expected.Elements, expected.Name, expected.Shape, $"{elements} elements, quantized");
                return true;
            }

            return false;
        }

        /// <summary>Takes a tensor that is accounted for beyond the decoder, where it is there.</summary>
        public void TakeBeyond(string name)
        {
            if (Prefix.Find(name, Left) is { } found)
            {
                Left.Remove(found.Name);
                Beyond.Add(found.Name);
                TakeScales(found.Name);
            }
        }

        private void Compare(bool isAlike, string name, TensorShape expected, string found)
        {
            Matched += isAlike ? 1 : 0;
            if (!isAlike)
            {
                Mismatched.Add(new ShapeMismatch(name, expected.ToString(), found));
            }
        }

        private void TakeScales(string name)
        {
            foreach (string suffix in QuantizedTensor.ScaleSuffixes)
            {
                if (Left.Remove(name + suffix))
                {
                    Beyond.Add(name + suffix);
                }
            }
        }
    }
}
