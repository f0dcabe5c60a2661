using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Interchange;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>Multi-token prediction (MTP): blocks after the decoder's that checkpoints hold and the reference's decoder leaves
/// out.</summary>
internal static class MultiTokenPrediction
{
    /// <summary>The addition of a config's MTP blocks; empty where it has none.</summary>
    /// <param name="c">The config.</param>
    /// <param name="field">The field with their number.</param>
    /// <param name="fallback">The reference's default for it.</param>
    /// <param name="first">The number that the first of them bears in the names.</param>
    /// <param name="prefix">What stands before the tensors' names, with <c>{layer}</c> where they have none.</param>
    /// <param name="tensors">One block's tensors.</param>
    public static ValueList<Addition> Of(ConfigReader c, string field, long fallback, int first, string prefix,
        IEnumerable<Tensor> tensors) => Of(c, field, fallback, first, InEachLayer(prefix, tensors));

    /// <summary>The same where some tensors stand once beside the blocks: they are named as they are.</summary>
    public static ValueList<Addition> Of(ConfigReader c, string field, long fallback, int first, IEnumerable<Tensor> tensors) =>
        c.Blocks(field, fallback) switch
        {
            0 => [],
            var blocks => [Addition.MultiTokenPrediction([.. Enumerable.Range(first, blocks)], [.. tensors])],
        };

    /// <summary>What a count leaves out where a config has such blocks and nobody says what they hold.</summary>
    public static ValueList<UncountedPart> NotCounted(ConfigReader c, string field) => c.Count(field, 0) == 0
        ? []
        : [new(PartKind.MultiTokenPrediction, $"multi-token prediction ({field})")];

    /// <summary>A number of such blocks, 0 to 65,536; a missing field takes the reference's default.</summary>
    public static int Blocks(this ConfigReader c, string field, long fallback) => c.Count(field, fallback) switch
    {
        <= ConfigReader.MaxLayers and var blocks => (int)blocks,
        var blocks => throw c.Invalid(field, $"must be at most {ConfigReader.MaxLayers}; it is {(ConfigValue)blocks}."),
    };

    /// <summary>How such a block begins: norms of the next token's embedding and of the last hidden state, and the projection of
    /// both side by side.</summary>
    public static IEnumerable<Tensor> Joined(long hidden, string embeddingNorm = "enorm", string hiddenNorm = "hnorm",
        string projection = "eh_proj") =>
    [
        .. Norm(embeddingNorm, hidden),
        .. Norm(hiddenNorm, hidden),
        .. KeptWide(Linear(projection, 2 * hidden, hidden, TensorRole.Projection, MatrixKind.Other)),
    ];
}
