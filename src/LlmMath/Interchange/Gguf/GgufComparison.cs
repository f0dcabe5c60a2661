using System.Globalization;
using LlmMath.Architectures;
using LlmMath.Models.Families;

namespace LlmMath.Interchange;

/// <summary>Compares a GGUF header with a definition. Tensors that hold the same parts, however each side fuses or splits them,
/// form a group; one tensor on either side must have the shape, several must have the elements.</summary>
internal static class GgufComparison
{
    public static CheckpointComparison Of(CheckpointHeader header, ModelDefinition definition)
    {
        // GGUF holds decoders alone, under no wrapper's prefix.
        Architecture architecture = ModelFamily.Unwrapped(definition.Config) ?? definition.Architecture;
        var stored = new StoredParts(header, architecture.Family);
        var result = new Result();
        CompareAll(Named(architecture.Family, architecture.Inputs.Concat(architecture.Outputs)), null);
        foreach (Block block in (IEnumerable<Block>)architecture.Blocks)
        {
            NamedTensor[] tensors = Named(architecture.Family, block.Tensors);
            NamedTensor[] absent = [.. tensors.Where(tensor => tensor.CanBeAbsent)];
            NamedTensor[] others = [.. tensors.Where(tensor => !tensor.CanBeAbsent)];
            int parts = NamesOf(absent, 0).Count();
            foreach (int layer in (IEnumerable<int>)block.Layers)
            {
                if (stored.Numbers.HasLayer(layer))
                {
                    CompareAll(tensors, layer);
                }
                else
                {
                    CompareAll(others, layer);
                    result.Missing.Add(parts, NamesOf(absent, layer));
                }
            }
        }

        TakeBeyond(architecture, stored, result);
        return new CheckpointComparison
        {
            Against = definition.Name,
            Matched = result.Matched,
            Missing = result.Missing.Names,
            MissingCount = result.Missing.Count,
            Unexpected = [.. stored.Names.OrderBy(name => name, StringComparer.Ordinal)],
            Mismatched = [.. result.Mismatched],
            Beyond = [.. result.Beyond],
        };

        void CompareAll(NamedTensor[] tensors, int? layer)
        {
            foreach (Group group in Connected(tensors, layer, stored))
            {
                Compare(group, stored, header, architecture.Family, result);
            }
        }
    }

    private static IEnumerable<string> NamesOf(NamedTensor[] tensors, int layer) =>
        tensors.SelectMany(tensor => tensor.At(layer)).Distinct(StringComparer.Ordinal);

    private static void Compare(Group group, StoredParts stored, CheckpointHeader header, string family, Result result)
    {
        if (group.Metadata is { } key)
        {
            // One element of a list stands for the tensor of each layer.
            bool isThere = header.ListLengths[key]?.Integer > group.Layer;
            result.Matched += isThere ? 1 : 0;
            result.Missing.Add(isThere ? 0 : 1, [key]);
            return;
        }

        List<StoredTensor> found = stored.Take(group.Names);
        if (group.IsTied)
        {
            result.Beyond.AddRange(found.Select(tensor => tensor.Name));
            return;
        }

        string[] absent = [.. group.Names.Where(name => !stored.Held(name))];
        long elements = found.Sum(tensor => tensor.Elements);
        if (found.Count > 0 && elements == group.Elements
            && (found.Count > 1 || group.Tensors.Count > 1
                || GgufShape.Fits(found[0].Shape, group.Tensors[0], found[0].Name, family)))
        {
            result.Matched += found.Count;
        }
        else if (absent.Length > 0 && (found.Count == 0 || elements < group.Elements))
        {
            result.Missing.Add(absent.Length, absent);
            result.Matched += found.Count;
        }
        else
        {
            result.Mismatched.Add(new ShapeMismatch(
                string.Join(" + ", found.Select(tensor => tensor.Name)), group.Expected, Found(found, elements, group)));
        }
    }

    // Tensors whose parts meet in one tensor, on either side, are compared together.
    private static IEnumerable<Group> Connected(NamedTensor[] tensors, int? layer, StoredParts stored)
    {
        if (tensors.Length == 0)
        {
            return [];
        }

        // Of each tensor a later one of its group, or itself: the last one stands for the group.
        int[] later = [.. Enumerable.Range(0, tensors.Length)];
        var lastWith = new Dictionary<string, int>(StringComparer.Ordinal);
        string[][] names = [.. tensors.Select(tensor => tensor.At(layer))];
        for (int i = 0; i < tensors.Length; i++)
        {
            foreach (string part in names[i].SelectMany(stored.Together))
            {
                if (lastWith.TryGetValue(part, out int other))
                {
                    later[Last(other)] = i;
                }

                lastWith[part] = i;
            }
        }

        return Enumerable.Range(0, tensors.Length).GroupBy(Last).OrderBy(group => group.Key).Select(group => new Group(
            [.. group.Select(i => tensors[i].Tensor)],
            [.. group.SelectMany(i => names[i]).Distinct(StringComparer.Ordinal)], layer));

        int Last(int at)
        {
            while (later[at] != at)
            {
                at = later[at] = later[later[at]];
            }

            return at;
        }
    }

    private static NamedTensor[] Named(string family, IEnumerable<Tensor> tensors) =>
        [.. tensors.Select(tensor => new NamedTensor(tensor, GgufNames.Parts(family, tensor) ?? [tensor.Name]))];

    private static void TakeBeyond(Architecture architecture, StoredParts stored, Result result)
    {
        foreach (Addition addition in architecture.Additions)
        {
            NamedTensor[] tensors = Named(architecture.Family, addition.Tensors);
            foreach (int layer in addition.Layers.Count == 0 ? [0] : addition.Layers)
            {
                foreach (NamedTensor tensor in tensors)
                {
                    result.Beyond.AddRange(stored.Take(tensor.At(layer)).Select(t => t.Name));
                }
            }
        }

        result.Beyond.AddRange(stored.TakeWhere(name => IsBeyond(name, architecture.LayerCount)));
    }

    // Rotary tables; blocks for multi-token prediction, which follow the decoder's; scales of quantized weights.
    private static bool IsBeyond(string name, int layers)
    {
        string kind = GgufName.TryParse(name, out GgufName inLayer) ? inLayer.Kind : name;
        return kind.StartsWith("rope_", StringComparison.Ordinal) || kind.StartsWith("attn_rot_embd", StringComparison.Ordinal)
            || kind.StartsWith("nextn.", StringComparison.Ordinal) || kind.EndsWith(".scale", StringComparison.Ordinal)
            || kind.EndsWith(".input_scale", StringComparison.Ordinal) || (kind != name && inLayer.Layer >= layers);
    }

    private static string Found(List<StoredTensor> found, long elements, Group group) =>
        found.Count == 1 && group.Tensors.Count == 1
        ? NamedComparison.ShapeText(found[0].Shape)
        : string.Create(CultureInfo.InvariantCulture, $"{elements} elements");

    private sealed class Result
    {
        public int Matched { get; set; }

        public MissingTensors Missing { get; } = new();

        public List<ShapeMismatch> Mismatched { get; } = [];

        public List<string> Beyond { get; } = [];
    }

    /// <summary>A tensor with the parts it holds: GGUF's names of them, or its own where GGUF has none.</summary>
    private sealed record NamedTensor(Tensor Tensor, IReadOnlyList<string> Parts)
    {
        /// <summary>Whether it can be nowhere in a file in which its layer's number stands nowhere: what is no tensor in GGUF, or
        /// has no layer in its name, can be there all the same.</summary>
        public bool CanBeAbsent => Tensor.IsPerLayer && Tensor.TiedTo is null && Parts.All(part => part[0] != '@');

        public string[] At(int? layer) => [.. Parts.Select(part =>
            !Tensor.IsPerLayer || part[0] == '@' || layer is not { } number ? part
            : part == Tensor.Name
                ? part.Replace("{layer}", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            : GgufName.At(part, number))];
    }

    /// <summary>Tensors of the definition that hold the same parts, at one layer, or outside the layers.</summary>
    private sealed record Group(IReadOnlyList<Tensor> Tensors, string[] Names, int? Layer)
    {
        public long Elements => Tensors.Sum(tensor => tensor.Elements);

        public bool IsTied => Tensors.All(tensor => tensor.TiedTo is not null);

        /// <summary>The metadata's list that holds the tensor, where it is no tensor in GGUF.</summary>
        public string? Metadata => Names[0][0] == '@' ? Names[0].Substring(1) : null;

        public string Expected => Tensors.Count == 1 && Tensors[0].Copies == 1
            ? Tensors[0].Shape.ToString()
            : string.Create(CultureInfo.InvariantCulture, $"{Elements} elements");
    }
}
