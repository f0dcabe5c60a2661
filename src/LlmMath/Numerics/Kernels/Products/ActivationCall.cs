namespace LlmMath.Numerics.Kernels;

/// <summary>One column of activations to prepare.</summary>
/// <param name="Source">The activations.</param>
/// <param name="Columns">How many.</param>
/// <param name="Destination">Where they go; zeros follow the last.</param>
/// <param name="Bytes">Bytes to fill: those of whole tiles.</param>
/// <param name="Factors">Two powers of two by which the sums are multiplied in the end.</param>
internal readonly unsafe record struct ActivationCall(nint Source, int Columns, nint Destination, int Bytes, nint Factors)
{
    public float* X => (float*)Source;

    public byte* Prepared => (byte*)Destination;

    /// <summary>Sets the factors to 2^<paramref name="exponent"/>, in two halves so that neither leaves the range of a
    /// float.</summary>
    public void SetFactor(int exponent)
    {
        ((float*)Factors)[0] = PowerOfTwo.Of(exponent / 2);
        ((float*)Factors)[1] = PowerOfTwo.Of(exponent - (exponent / 2));
    }
}
