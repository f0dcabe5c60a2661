using System.Globalization;
using LlmMath.Families;

namespace LlmMath.Interchange;

/// <summary>Compares a GGUF header with a definition. Tensors that hold the same parts, however each side fuses or splits them,
/// form a group; one tensor on either side must have the shape, several must have the elements.</summary>
internal static class GgufComparison
{
    public static CheckpointComparison Of(CheckpointHeader header, ModelDefinition definition)
    {
        // GGUF holds decoders alone, under no wrapper's prefix.
        Architecture architecture = ModelFamily.DecoderOf(definition);
        var stored = new StoredParts(header, architecture.Family);
        var result = new Result();
        foreach (Group group in Groups(architecture, stored))
        {
            Compare(group, stored, header, architecture.Family, result);
        }

        TakeBeyond(architecture, stored, result);
        return new CheckpointComparison
        {
            Against = definition.Name,
            Matched = result.Matched,
            Missing = [.. result.Missing],
            Unexpected = [.. stored.Names.OrderBy(name => name, StringComparer.Ordinal)],
            Mismatched = [.. result.Mismatched],
            Beyond = [.. result.Beyond],
        };
    }

    private static void Compare(Group group, StoredParts stored, CheckpointHeader header, string family, Result result)
    {
        if (group.Metadata is { } key)
        {
            // One element of a list stands for the tensor of each layer.
            bool isThere = header.ListLengths[key]?.Integer > group.Layer;
            result.Matched += isThere ? 1 : 0;
            result.Missing.AddRange(isThere ? [] : [key]);
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
            result.Missing.AddRange(absent);
            result.Matched += found.Count;
        }
        else
        {
            result.Mismatched.Add(new ShapeMismatch(
                string.Join(" + ", found.Select(tensor => tensor.Name)), group.Expected, Found(found, elements, group)));
        }
    }

    private static IEnumerable<Group> Groups(Architecture architecture, StoredParts stored)
    {
        foreach (Group group in Connected(
            Named(architecture.Family, architecture.Inputs.Concat(architecture.Outputs)), null, stored))
        {
            yield return group;
        }

        foreach (Block block in (IEnumerable<Block>)architecture.Blocks)
        {
            NamedTensor[] tensors = Named(architecture.Family, block.Tensors);
            foreach (int layer in (IEnumerable<int>)block.Layers)
            {
                foreach (Group group in Connected(tensors, layer, stored))
                {
                    yield return group;
                }
            }
        }
    }

    // Tensors whose parts meet in one tensor, on either side, are compared together.
    private static List<Group> Connected(NamedTensor[] tensors, int? layer, StoredParts stored)
    {
        var groups = new List<(Group Group, HashSet<string> Parts)>();
        foreach (NamedTensor tensor in tensors)
        {
            string[] names = tensor.At(layer);
            HashSet<string> parts = new(names.SelectMany(stored.Together), StringComparer.Ordinal);
            var own = new Group([tensor.Tensor], names, layer);
            for (int i = groups.Count - 1; i >= 0; i--)
            {
                if (groups[i].Parts.Overlaps(parts))
                {
                    own = groups[i].Group.With(own);
                    parts.UnionWith(groups[i].Parts);
                    groups.RemoveAt(i);
                }
            }

            groups.Add((own, parts));
        }

        return groups.ConvertAll(pair => pair.Group);
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

        public List<string> Missing { get; } = [];

        public List<ShapeMismatch> Mismatched { get; } = [];

        public List<string> Beyond { get; } = [];
    }

    /// <summary>A tensor with the parts it holds: GGUF's names of them, or its own where GGUF has none.</summary>
    private sealed record NamedTensor(Tensor Tensor, IReadOnlyList<string> Parts)
    {
        private bool IsInLayer => Tensor.Name.Contains("{layer}", StringComparison.Ordinal);

        public string[] At(int? layer) => [.. Parts.Select(part =>
            !IsInLayer || part[0] == '@' || layer is not { } number ? part
            : part == Tensor.Name
                ? part.Replace("{layer}", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            : GgufName.At(part, number))];
    }

    /// <summary>Tensors of the definition that hold the same parts, at one layer, or outside the layers.</summary>
    private sealed record Group(IReadOnlyList<Tensor> Tensors, string[] Names, int? Layer)
    {
        public Group With(Group other) =>
            new([.. Tensors, .. other.Tensors], [.. Names.Union(other.Names, StringComparer.Ordinal)], Layer);

        public long Elements => Tensors.Sum(tensor => tensor.Elements);

        public bool IsTied => Tensors.All(tensor => tensor.TiedTo is not null);

        /// <summary>The metadata's list that holds the tensor, where it is no tensor in GGUF.</summary>
        public string? Metadata => Names[0][0] == '@' ? Names[0].Substring(1) : null;

        public string Expected => Tensors.Count == 1 && Tensors[0].Copies == 1
            ? Tensors[0].Shape.ToString()
            : string.Create(CultureInfo.InvariantCulture, $"{Elements} elements");
    }
}
