using System.Text.Json;
using LlmMath.Interchange;

namespace LlmMath.Calibration;

/// <summary>Models of the catalog, and those that only the evidence has: catalog/evidence/models.json.</summary>
internal sealed class EvidenceModels(string root)
{
    private readonly Dictionary<string, ModelDefinition> _own = Read(Path.Combine(root, "catalog/evidence/models.json"));

    /// <summary>A model by its name.</summary>
    /// <exception cref="ArgumentException">Neither has it.</exception>
    public ModelDefinition Find(string name) =>
        _own.TryGetValue(name, out ModelDefinition? model) ? model : ModelCatalog.Find(name);

    // Each section is a config.json.
    private static Dictionary<string, ModelDefinition> Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return document.RootElement.EnumerateObject().ToDictionary(model => model.Name, model => HuggingFaceConfig.Read(
            new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(model.Value)), model.Name), StringComparer.Ordinal);
    }
}
