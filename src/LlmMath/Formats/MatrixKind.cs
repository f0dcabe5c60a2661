namespace LlmMath.Formats;

/// <summary>What a tensor is to a quantizer.</summary>
internal enum MatrixKind
{
    /// <summary>Not a linear layer's matrix: vectors, norms, biases, convolutions, state parameters. No scheme quantizes
    /// it.</summary>
    None,

    /// <summary>The token embedding, or one of the layers' own.</summary>
    Embedding,

    /// <summary>The output head.</summary>
    Head,

    /// <summary>The layer that chooses experts.</summary>
    Router,

    /// <summary>The query projection.</summary>
    Query,

    /// <summary>The key projection.</summary>
    Key,

    /// <summary>The value projection.</summary>
    Value,

    /// <summary>Queries, keys and values in one projection.</summary>
    QueryKeyValue,

    /// <summary>The attention's output projection.</summary>
    AttentionOutput,

    /// <summary>The way into a feed-forward layer: gate, up, or both.</summary>
    Up,

    /// <summary>The way out of a feed-forward layer.</summary>
    Down,

    /// <summary>A projection that every GPU of a tensor-parallel group holds: the compressing side of latent attention, an
    /// indexer.</summary>
    Replicated,

    /// <summary>Any other linear layer.</summary>
    Other,
}

/// <summary>What a kind of matrix says of itself.</summary>
internal static class MatrixKindFacts
{
    /// <summary>Whether it is a linear layer inside the blocks: what weight-only schemes quantize.</summary>
    public static bool IsLinear(this MatrixKind kind) => kind >= MatrixKind.Query;
}
