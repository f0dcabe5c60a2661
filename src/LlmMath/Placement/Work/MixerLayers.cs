using LlmMath.Architectures;
using LlmMath.Models.Attention;

namespace LlmMath.Placement.Work;

/// <summary>The layers that have a mixer of one kind.</summary>
/// <param name="Layers">Layers.</param>
/// <param name="Cache">What a sequence keeps in one of them.</param>
/// <param name="Work">What the mixer does for a token in one of them.</param>
/// <param name="Kernel">The kernel that engines run for it.</param>
internal readonly record struct MixerLayers(int Layers, CachedState Cache, MixerWork Work, MixerKernel Kernel)
{
    /// <summary>Bytes of the recurrent and convolution states that a sequence holds in one layer.</summary>
    public double StateBytes => (Cache.StateElements * (Cache.KeepsStateInFloat32 ? 4.0 : 2.0))
        + (Cache.ConvolutionElements * 2.0);
}
