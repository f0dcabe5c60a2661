namespace LlmMath.Training.Activations;

/// <summary>Bytes that one layer keeps of one token for the way back, by what divides them.</summary>
/// <param name="Whole">What every GPU of a tensor-parallel group keeps: inputs of norms and of what is divided by outputs, masks
/// of dropout on the residual stream.</param>
/// <param name="Divided">What is divided among these GPUs.</param>
/// <param name="Attention">How much of <see cref="Whole"/> the attention keeps.</param>
/// <param name="AttentionDivided">How much of <see cref="Divided"/> the attention keeps.</param>
/// <param name="ScoreHeads">Heads whose scores are written for each earlier token.</param>
/// <param name="Input">Bytes of the layer's input.</param>
/// <param name="Widest">Elements of its widest intermediate result.</param>
/// <param name="ByOperator">Bytes of its input, of attention's output and of half of what its matrices give.</param>
internal readonly record struct LayerKept(long Whole, long Divided, long Attention, long AttentionDivided, long ScoreHeads,
    long Input, long Widest, long ByOperator)
{
    /// <summary>
    /// Bytes of a layer's activations but scores: tokens × (whole + divided ÷ t), and with sequence parallelism tokens × (whole +
    /// divided) ÷ t. Source: Korthikanti et al., arXiv:2205.05198, table 2.
    /// </summary>
    public double Of(double tokens, int tensor, bool sequenceParallel) =>
        tokens * (sequenceParallel ? (double)(Whole + Divided) / tensor : Whole + ((double)Divided / tensor));

    /// <summary>The same of the attention alone.</summary>
    public double OfAttention(double tokens, int tensor, bool sequenceParallel) => tokens * (sequenceParallel
        ? (double)(Attention + AttentionDivided) / tensor
        : Attention + ((double)AttentionDivided / tensor));

    /// <summary>Scores of a layer on one GPU: tokens × keys × heads ÷ t.</summary>
    public double Scores(double tokens, double keys, int tensor) =>
        tokens * keys * ScoreHeads / tensor;
}
