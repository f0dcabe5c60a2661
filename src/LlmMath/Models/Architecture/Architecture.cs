using System.Diagnostics;
using LlmMath.Models;

namespace LlmMath.Architectures;

/// <summary>A model's structure: what stands before the blocks, the blocks by kind, what stands after them. Every figure is a
/// fold over its tensors.</summary>
[DebuggerDisplay("{Family,nq}: {LayerCount} layers, {TensorCount} tensors")]
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

    /// <summary>Whether it has routed experts.</summary>
    internal bool HasExperts
    {
        get
        {
            foreach (Block block in Blocks)
            {
                foreach (Tensor tensor in block.Tensors)
                {
                    if (tensor.Role == TensorRole.Expert)
                    {
                        return true;
                    }
                }
            }

            return false;
        }
    }

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

    /// <summary>Number of the decoder's tensors, tied ones left out: those that a checkpoint holds. A config may name billions of
    /// experts; counting does not enumerate them.</summary>
    /// <exception cref="EstimateException">The number exceeds 2⁶³ − 1.</exception>
    public long TensorCount
    {
        get
        {
            try
            {
                long count = checked(Number(Inputs, 1) + Number(Outputs, 1));
                foreach (Block block in Blocks)
                {
                    count = checked(count + Number(block.Tensors, block.Layers.Count));
                }

                return count;
            }
            catch (OverflowException error)
            {
                throw EstimateException.TooLarge(nameof(Blocks), "the number of their tensors", error);
            }

            static long Number(ValueList<Tensor> tensors, int layers)
            {
                long number = 0;
                foreach (Tensor tensor in tensors)
                {
                    number = checked(number + (tensor.TiedTo is not null ? 0
                        : tensor.IsPerLayer ? layers * tensor.Copies
                        : tensor.Copies));
                }

                return number;
            }
        }
    }

    /// <summary>Every tensor of the decoder by its checkpoint name: inputs, layers, outputs. Tied tensors are among them, and say
    /// so. DeepSeek-V3 has 45,000, and a config of unknown origin may have billions, which <see cref="TensorCount"/> tells
    /// beforehand; a count does not need them.</summary>
    public IEnumerable<CheckpointTensor> EnumerateTensors() => Runs().SelectMany(run => run.Tensors());

    /// <summary>The same, the experts of a layer together.</summary>
    internal IEnumerable<TensorRun> Runs() => TensorNames.Runs(Inputs, [0])
        .Concat(Blocks.SelectMany(block => TensorNames.Runs(block.Tensors, block.Layers)))
        .Concat(TensorNames.Runs(Outputs, [0]));
}
