namespace LlmMath.Interchange;

internal static class GgufComparison
{
    public static CheckpointComparison Of(CheckpointHeader header, ModelDefinition definition) => throw new NotSupportedException();
}
