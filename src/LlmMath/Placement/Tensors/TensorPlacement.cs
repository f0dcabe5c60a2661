using LlmMath.Basics;

namespace LlmMath.Architectures;

/// <summary>Which tensors of a model lie in system memory, where a GPU cannot hold them all. Of several rules the first that is
/// of a tensor counts; a tensor without a rule lies where its layer does.</summary>
public sealed record TensorPlacement
{
    /// <summary>Everything in system memory.</summary>
    public static TensorPlacement Host { get; } = new() { GpuLayers = 0 };

    /// <summary>Layers on the GPU, the last ones first and the head as one more: llama.cpp's <c>-ngl</c>, 0 or more; null, or
    /// more than there are, for all. The cache of a layer lies where the layer does.</summary>
    public int? GpuLayers { get; init; }

    /// <summary>The rules, tried in this order.</summary>
    public ValueList<TensorRule> Rules { get; init; } = [];

    /// <summary>It as llama.cpp's options have it.</summary>
    public override string ToString() => string.Join(' ',
        (GpuLayers is { } layers ? [$"-ngl {NumberText.N(layers)}"] : (string[])[])
            .Concat(Rules.Select(rule => rule.ExpertLayers is null ? "-ot " + rule : rule.ToString())));
}
