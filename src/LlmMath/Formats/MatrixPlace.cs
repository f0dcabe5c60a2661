using LlmMath.Architectures;

namespace LlmMath.Formats;

/// <summary>A tensor as a quantizer sees it: what it is, and where it stands.</summary>
/// <param name="Name">The checkpoint's name, with <c>{layer}</c> and <c>{expert}</c>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Matrices">Its matrices.</param>
/// <param name="IsExpert">Whether it is one of a mixture's routed experts.</param>
/// <param name="Layer">The layer's number; 0 outside the blocks.</param>
/// <param name="Ordinal">How many layers below it have a tensor of its kind. For the down projection of a mixture of experts, the
/// layer's index.</param>
/// <param name="Facts">What the whole model has.</param>
internal readonly record struct MatrixPlace(string Name,
    MatrixKind Kind, MatrixDimensions Matrices, bool IsExpert, int Layer, int Ordinal, QuantizerFacts Facts);
