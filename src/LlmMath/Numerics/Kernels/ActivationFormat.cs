namespace LlmMath;

/// <summary>How the vector of a product is rounded before it meets the weights.</summary>
public enum ActivationFormat
{
    /// <summary>Not at all: the product is exact up to the rounding of sums.</summary>
    Fp32,

    /// <summary>To 8 bits, each 32 values with a scale: products are then sums of integers, several times as fast. Relative to
    /// Σ|w·x| the error is below 1/254; some 0.5 % of the root mean square on random data.</summary>
    Q8,
}
