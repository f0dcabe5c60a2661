using LlmMath.Architectures;
using LlmMath.Interchange;
using LlmMath.Models.Families;

namespace LlmMath.Models.Quantization;

/// <summary>modelopt's <c>quantized_layers</c>: an algorithm for each module, by its name.</summary>
internal sealed class NamedLayers
{
    private readonly List<(ModulePatterns Modules, TensorEncoding Encoding)> _byAlgorithm;

    private NamedLayers(List<(ModulePatterns Modules, TensorEncoding Encoding)> byAlgorithm) => _byAlgorithm = byAlgorithm;

    /// <summary>Whether any is named.</summary>
    public bool Any => _byAlgorithm.Count > 0;

    /// <summary>Patterns that each module is tried with.</summary>
    public int Tried => _byAlgorithm.Sum(pair => pair.Modules.Tried);

    /// <summary>The modules that a field names; none where it is missing.</summary>
    public static NamedLayers Read(ConfigReader c, string field)
    {
        var names = new Dictionary<TensorEncoding, List<ConfigValue>>();
        if (c.Section(field) is { } layers)
        {
            foreach (string name in layers.Names)
            {
                ConfigReader layer = layers.Section(name) ?? throw layers.Missing(name, "an object with quant_algo");
                TensorEncoding encoding = ModelOptMethod.Encoding(layer);
                if (!names.TryGetValue(encoding, out List<ConfigValue>? same))
                {
                    names.Add(encoding, same = []);
                }

                same.Add(name);
            }
        }

        return new([.. names.Select(pair =>
            (ModulePatterns.Read(c.With(field, ConfigValue.Array([.. pair.Value])), field), pair.Key))]);
    }

    /// <summary>How a module is stored; null where nothing names it.</summary>
    public TensorEncoding? Find(QuantizedModule module)
    {
        if (module.Tensor.Kind == Formats.MatrixKind.None)
        {
            return null;
        }

        foreach ((ModulePatterns modules, TensorEncoding encoding) in _byAlgorithm)
        {
            if (modules.Match(module.Name))
            {
                return encoding;
            }
        }

        return null;
    }
}
