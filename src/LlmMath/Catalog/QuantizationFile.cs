using LlmMath.Interchange;
using LlmMath.Interchange.Json;

namespace LlmMath;

/// <summary>modelopt's own file beside a config.json, which says how the checkpoint is quantized where the config does
/// not.</summary>
internal static class QuantizationFile
{
    private const string Name = "hf_quant_config.json", Field = "hf_quant_config";

    /// <summary>The model with what the file says, where it is there and needed.</summary>
    /// <param name="model">The model of the config.</param>
    /// <param name="config">The config's path.</param>
    /// <exception cref="DefinitionException">The file is no JSON object.</exception>
    public static ModelDefinition Beside(ModelDefinition model, string config)
    {
        string file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(config)) ?? ".", Name);
        if (model.Config["quantization_config"] is not null || !File.Exists(file))
        {
            return model;
        }

        try
        {
            using FileStream stream = File.OpenRead(file);
            ModelConfig read = JsonText.ReadObject(HuggingFaceConfig.BoundedRead(stream, JsonText.MaxBytes));
            return new(model.Name, model.Id,
                new([.. model.Config.Fields, new(Field, ConfigValue.Object([.. read.Fields]))]));
        }
        catch (JsonTextException error)
        {
            throw error.ToDefinitionException().In(file);
        }
    }
}
