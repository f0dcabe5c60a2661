namespace LlmMath.Numerics.Kernels;

/// <summary>How products of bytes are summed: in one instruction, or in pairs, or widened first. A type of its own, so that a
/// kernel compiles without the branches that it does not take.</summary>
internal unsafe interface IByteDots<TInt>
    where TInt : struct
{
    /// <summary>What is written of activations.</summary>
    static abstract ActivationLayout Layout { get; }

    /// <summary>Bytes of 32 activations.</summary>
    static abstract int Bytes { get; }

    /// <summary>Whether a sum has two halves of 16 bits: for bytes 0 and 1 of each 4, and for bytes 2 and 3.</summary>
    static abstract bool IsByHalves { get; }

    /// <summary>Subtracted from each byte to get the signed code, in addition to the format's own offset.</summary>
    static abstract int Offset { get; }

    /// <summary>Adds the products of four columns, 4i to 4i + 3 of 32.</summary>
    static abstract TInt Add(TInt sum, TInt codes, byte* x, int i);

    /// <summary>A sum in 32 bits.</summary>
    static abstract TInt Widen(TInt sum);
}
