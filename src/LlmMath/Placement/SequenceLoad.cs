namespace LlmMath.Placement;

/// <summary>The sequences that a deployment holds, in the numbers that memory needs: a search changes one of them without making
/// a <see cref="Workload"/>.</summary>
/// <param name="Requests">Sequences at once, over all replicas.</param>
/// <param name="Context">Tokens of each.</param>
/// <param name="Prompt">Tokens of each prompt, at most the context.</param>
/// <param name="EncoderTokens">Tokens that an encoder read for each.</param>
internal readonly record struct SequenceLoad(int Requests, long Context, long Prompt, long EncoderTokens)
{
    /// <summary>Whether tokens are drafted, so that the model's own blocks for that are held too.</summary>
    public bool Drafts { get; init; }

    /// <summary>Sequences of the replica that has the most of them.</summary>
    public int OfReplica(int replicas) => (int)(((long)Requests + replicas - 1) / replicas);
}
