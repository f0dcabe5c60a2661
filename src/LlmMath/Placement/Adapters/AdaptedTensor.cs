using LlmMath.Architectures;
using LlmMath.Basics;

namespace LlmMath.Placement.Adapters;

/// <summary>A tensor that an adapter works on, over the layers at which it does so with one rank.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Block">The block that it stands in; null before and after the blocks.</param>
/// <param name="Layers">Layers at which it is adapted, 1 or more.</param>
/// <param name="Rank">The rank; 0 where it is trained whole.</param>
/// <param name="HasMagnitudes">Whether each output has a trained magnitude.</param>
internal readonly record struct AdaptedTensor(Tensor Tensor, Block? Block, int Layers, int Rank, bool HasMagnitudes)
{
    /// <summary>Matrices of one layer: one, or one an expert.</summary>
    public long Matrices => Tensor.Matrices.Matrices;

    /// <summary>
    /// Trained parameters: layers × matrices × (rank × (inputs + outputs) + outputs with magnitudes), or layers × elements of
    /// what is trained whole. Source: Hu et al., arXiv:2106.09685, section 4.2; Liu et al., arXiv:2402.09353, equation 5.
    /// </summary>
    /// <exception cref="EstimateException">They exceed 2⁶³ − 1.</exception>
    public long Parameters
    {
        get
        {
            if (Rank == 0)
            {
                return Size.Product(nameof(Parameters), Layers, Tensor.Elements);
            }

            (long matrices, long outputs, long inputs) = Tensor.Matrices;
            long each = Size.Sum(nameof(Rank), Size.Product(nameof(Rank), Rank, inputs + outputs), HasMagnitudes ? outputs : 0);
            return Size.Product(nameof(Rank), Size.Product(nameof(Rank), Layers, matrices), each);
        }
    }
}
