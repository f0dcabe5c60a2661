namespace LlmMath.Engines;

/// <summary>Which formats an engine loads, and what it does with the weights.</summary>
public sealed record LoadPolicy
{
    /// <summary>What it loads: names of weight formats (<c>mxfp4</c>) and of groups of them (<c>plain</c>: 16 and 32 bits,
    /// <c>checkpoint</c>: quantized linear layers as published checkpoints hold them, <c>mixed-precision</c>, <c>gguf</c>,
    /// <c>mlx</c>, <c>exl2</c>, <c>mlc</c>); null for every format.</summary>
    public ValueList<string>? Formats { get; init; }

    /// <summary>Names of the cache formats that it has; null for every format.</summary>
    public ValueList<string>? Caches { get; init; }

    /// <summary>Whether it pads MXFP4's rows to 256 elements.</summary>
    public bool PadsMxfp4 { get; init; }

    /// <summary>Whether it quantizes the head where weights are quantized.</summary>
    public bool QuantizesHead { get; init; }

    /// <summary>Whether tensor parallelism leaves embedding and head whole on every GPU.</summary>
    public bool ReplicatesVocabulary { get; init; }

    /// <summary>Whether embedding and head both stand on a pipeline's first stage.</summary>
    public bool KeepsEndsTogether { get; init; }

    /// <summary>Whether the token embedding stays in system memory, and a pass's inputs and masks are made there.</summary>
    public bool KeepsInputsOnHost { get; init; }

    /// <summary>Whether separate query, key and value matrices are held twice while it fuses them, and a layer's experts while it
    /// stacks them.</summary>
    public bool FusesProjections { get; init; }

    /// <summary>Copies of the head's matrix in 16 bits, where weights are quantized, 0 or more.</summary>
    public int HeadCopies { get; init; }

    /// <summary>Copies of the blocks' largest matrix in 16 bits, where weights are quantized, 0 or more.</summary>
    public int MatrixCopies { get; init; }
}
