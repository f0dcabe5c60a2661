namespace LlmMath;

/// <summary>A model's structure: what stands before the blocks, the blocks by kind, what stands after them. Every figure is a
/// fold over its tensors.</summary>
public sealed record Architecture
{
    /// <summary>The family's name, as <c>model_type</c> gives it.</summary>
    public required string Family { get; init; }

    /// <summary>Rows of the token embedding, as stored (padding included).</summary>
    public required long VocabularySize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required long HiddenSize { get; init; }

    /// <summary>Tokens the model was made for; null where its config does not say.</summary>
    public long? ContextLength { get; init; }

    /// <summary>Tensors before the first block, in the order of the forward pass.</summary>
    public required ValueList<Tensor> Inputs { get; init; }

    /// <summary>The kinds of blocks, in the order of their first layer.</summary>
    public required ValueList<Block> Blocks { get; init; }

    /// <summary>Tensors after the last block, in the order of the forward pass.</summary>
    public required ValueList<Tensor> Outputs { get; init; }

    /// <summary>What a checkpoint may hold beyond the decoder, named and counted apart: multi-token prediction, stored
    /// masks.</summary>
    public ValueList<Addition> Additions { get; init; } = [];

    /// <summary>Parts that the config names and this count leaves out: a vision tower, for one.</summary>
    public ValueList<UncountedPart> NotCounted { get; init; } = [];

    /// <summary>Number of decoder layers.</summary>
    public int LayerCount
    {
        get
        {
            int count = 0;
            foreach (Block block in Blocks)
            {
                count += block.IsEncoder ? 0 : block.Layers.Count;
            }

            return count;
        }
    }

    /// <summary>Every tensor of the decoder by its checkpoint name: inputs, layers, outputs. Tied tensors are among them, and say
    /// so. DeepSeek-V3 has 45,000; a count does not need them.</summary>
    public IEnumerable<CheckpointTensor> EnumerateTensors()
    {
        foreach (CheckpointTensor tensor in TensorNames.Expand(Inputs, [0]))
        {
            yield return tensor;
        }

        foreach (Block block in (IEnumerable<Block>)Blocks)
        {
            foreach (CheckpointTensor tensor in TensorNames.Expand(block.Tensors, block.Layers))
            {
                yield return tensor;
            }
        }

        foreach (CheckpointTensor tensor in TensorNames.Expand(Outputs, [0]))
        {
            yield return tensor;
        }
    }
}
