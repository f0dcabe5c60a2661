using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Interchange;

namespace LlmMath.Models.Quantization;

/// <summary>A scheme laid over a model: the encoding of each tensor, in each layer.</summary>
internal static class CheckpointPolicy
{
    // Modules × patterns: real ones are some hundred thousand. A config may ask for more layers and patterns than time allows.
    private const long MostTries = 20_000_000;

    private static readonly TensorEncoding s_float32 = new("fp32", 1, 32), s_int64 = new("int64", 1, 64);

    /// <summary>The format of a model's checkpoint.</summary>
    /// <param name="a">The model.</param>
    /// <param name="scheme">Its quantization.</param>
    /// <param name="plain">How a tensor is stored that is not quantized.</param>
    /// <exception cref="DefinitionException">The quantization takes no tensor of the model, or too long.</exception>
    public static WeightFormat Of(Architecture a, QuantizationScheme scheme, TensorEncoding plain)
    {
        long modules = a.Blocks.Sum(block => (long)block.Layers.Count * block.Tensors.Count);
        if (modules * (scheme.Tried + 1) > MostTries)
        {
            throw new DefinitionException(DefinitionFault.TooLarge, scheme.Field,
                $"has {(ConfigValue)(long)scheme.Tried} patterns for {(ConfigValue)modules} modules: they are too many to try.");
        }

        var byLayer = new Dictionary<string, Dictionary<int, TensorEncoding>>(StringComparer.Ordinal);
        var kinds = new Dictionary<string, MatrixKind>(StringComparer.Ordinal);
        var bytes = new Dictionary<string, decimal>(StringComparer.Ordinal);
        bool quantizes = false;
        foreach (TensorRun run in a.Runs().Concat(a.Additions.SelectMany(addition => addition.Runs())))
        {
            Tensor tensor = run.Kind;
            TensorEncoding? chosen = tensor.StoredBits is { } bits ? (bits == 64 ? s_int64 : s_float32)
                : tensor.Kind == MatrixKind.None ? null
                : scheme.EncodingOf(new(ModuleOf(run), tensor));
            quantizes |= chosen is not null && tensor.StoredBits is null;
            TensorEncoding encoding = chosen ?? plain;
            if (!byLayer.TryGetValue(tensor.Name, out Dictionary<int, TensorEncoding>? layers))
            {
                byLayer.Add(tensor.Name, layers = []);
                kinds.Add(tensor.Name, tensor.Kind);
            }

            layers[run.Layer ?? 0] = encoding;
            if (tensor.TiedTo is null && tensor.StoredBits is null)
            {
                bytes[encoding.Name] = (bytes.TryGetValue(encoding.Name, out decimal sum) ? sum : 0) + tensor.Elements;
            }
        }

        return quantizes ? scheme.Named ?? Made(scheme, plain, byLayer, kinds, bytes) : throw new DefinitionException(
            DefinitionFault.InvalidValue, scheme.Field, $"names no module of {a.Family}: nothing would be quantized.");
    }

    private static CheckpointWeights Made(QuantizationScheme scheme, TensorEncoding plain,
        Dictionary<string, Dictionary<int, TensorEncoding>> byLayer, Dictionary<string, MatrixKind> kinds,
        Dictionary<string, decimal> sizes)
    {
        var byName = new Dictionary<string, TensorEncoding[]>(byLayer.Count, StringComparer.Ordinal);
        var varying = new HashSet<MatrixKind>();
        foreach (KeyValuePair<string, Dictionary<int, TensorEncoding>> tensor in byLayer)
        {
            TensorEncoding first = tensor.Value.Values.First();
            if (tensor.Value.Values.All(encoding => encoding == first))
            {
                byName.Add(tensor.Key, [first]);
                continue;
            }

            TensorEncoding[] encodings = [.. Enumerable.Repeat(plain, tensor.Value.Keys.Max() + 1)];
            foreach (KeyValuePair<int, TensorEncoding> layer in tensor.Value)
            {
                encodings[layer.Key] = layer.Value;
            }

            byName.Add(tensor.Key, encodings);
            varying.Add(kinds[tensor.Key]);
        }

        string name = string.Join(" + ", sizes.OrderByDescending(size => size.Value).Select(size => size.Key));
        return new(name, scheme.Group, scheme.Products, plain, byName, varying);
    }

    private static string ModuleOf(TensorRun run)
    {
        const string weight = ".weight";
        string name = TensorNames.Put(run.Name, TensorNames.Expert, 0);
        return name.EndsWith(weight, StringComparison.Ordinal) ? name.Substring(0, name.Length - weight.Length) : name;
    }
}
