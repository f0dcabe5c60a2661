namespace LlmMath.Numerics;

/// <summary>How the vector of a product is rounded before it meets the weights.</summary>
public enum ActivationFormat
{
    /// <summary>Not at all: the product is exact up to the rounding of sums. With weights in blocks, x below 2⁻⁷³ of the vector's
    /// greatest may lose digits, at most 2⁻⁹⁷ · max|x| a term.</summary>
    Fp32,

    /// <summary>To 8 bits, each 32 values with a scale: products are then sums of integers, several times as fast. The error
    /// of a product is at most Σ|w| · max|x| ÷ 254 of each 32 columns, summed over them, besides the rounding of sums: each x is
    /// off by half a step at most, and a step is max|x| ÷ 127. Relative to Σ|w·x| there is no bound, since a small x beside a
    /// large one may become 0; on random data it is some 0.5 % of the root mean square.</summary>
    Q8,
}
