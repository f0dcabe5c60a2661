using System.Text.Json.Serialization;

namespace LlmMath.Interchange;

/// <summary>
/// Writes estimates as JSON and reads them back, with the keys of <c>llmmath … --json</c>, compiled ahead of time or not:
/// <c>JsonSerializer.Serialize(estimate.Figures(), FiguresContext.Default.MemoryFigures)</c>.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ParameterFigures))]
[JsonSerializable(typeof(MemoryFigures))]
[JsonSerializable(typeof(SpeedFigures))]
[JsonSerializable(typeof(TrainingFigures))]
public sealed partial class FiguresContext : JsonSerializerContext;
