namespace LlmMath.Numerics.Kernels;

/// <summary>How a kernel reads Q8 activations: a block of 32 is codes in a <see cref="ActivationLayout"/>, the scale d as a
/// float, and for each group of columns a word: where its sum starts, or, if weights have minima, d · Σ of its codes as a
/// float.</summary>
internal interface IActivationForm
{
    static abstract ActivationLayout Layout { get; }

    /// <summary>Groups of a block: 1, or 2 of 16 columns.</summary>
    static abstract int Groups { get; }

    /// <summary>A sum starts at −offset · Σ of the codes.</summary>
    static abstract int Offset { get; }

    /// <summary>Whether a sum has two halves of 16 bits: for bytes 0 and 1 of each 4, and for bytes 2 and 3.</summary>
    static abstract bool IsByHalves { get; }

    static abstract bool HasMinima { get; }
}

/// <summary>32 codes.</summary>
internal enum ActivationLayout
{
    /// <summary>As bytes.</summary>
    Bytes,

    /// <summary>32 magnitudes, then 32 signs (0 or −1); sums start at Σ |code| over those below 0.</summary>
    Magnitudes,

    /// <summary>As 16 bits; of each four the pairs (0, 2) and (1, 3), as they stand in the halves of a lane.</summary>
    Halves,
}
