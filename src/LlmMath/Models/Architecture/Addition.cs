using System.Diagnostics;
using LlmMath.Models;

namespace LlmMath.Architectures;

/// <summary>Something that a checkpoint holds beyond the decoder that the reference implementation builds.</summary>
/// <param name="Kind">What it is, as far as anything depends on it.</param>
/// <param name="Name">What it is in words: <c>multi-token prediction</c>, <c>causal masks</c>.</param>
/// <param name="Layers">Layer numbers that its names run over; empty where they hold none.</param>
/// <param name="Tensors">Its tensors, named as the checkpoint names them.</param>
[DebuggerDisplay("{Name,nq}: {Parameters} parameters")]
public sealed record Addition(PartKind Kind, string Name, ValueList<int> Layers, ValueList<Tensor> Tensors)
{
    /// <summary>Blocks for multi-token prediction.</summary>
    internal static Addition MultiTokenPrediction(ValueList<int> layers, ValueList<Tensor> tensors) =>
        new(PartKind.MultiTokenPrediction, "multi-token prediction", layers, tensors);

    /// <summary>Elements it adds, without what is tied to the decoder.</summary>
    /// <exception cref="EstimateException">The sum exceeds 2⁶³ − 1.</exception>
    public long Parameters
    {
        get
        {
            try
            {
                long sum = 0;
                foreach (Tensor tensor in Tensors)
                {
                    sum = checked(sum + (tensor.TiedTo is null
                        ? tensor.Elements * (tensor.IsPerLayer ? Layers.Count : 1)
                        : 0));
                }

                return sum;
            }
            catch (OverflowException error)
            {
                throw EstimateException.TooLarge(nameof(Tensors), "the sum of their elements", error);
            }
        }
    }

    /// <summary>Its tensors by their checkpoint names.</summary>
    public IEnumerable<CheckpointTensor> EnumerateTensors() => Runs().SelectMany(run => run.Tensors());

    /// <summary>The same, the experts of a layer together.</summary>
    internal IEnumerable<TensorRun> Runs() => TensorNames.Runs(Tensors, Layers.Count == 0 ? [0] : Layers);
}
