namespace LlmMath.Numerics.Kernels;

/// <summary>
/// An instruction set: vectors of 32-bit lanes, one lane a row of the matrix. The kernels are written once over it and compiled
/// for each, so that one process holds every path. <typeparamref name="TInt"/> is the vector as integers, <typeparamref
/// name="TFloat"/> as floats. Shifts and "bytes", "halves" name the lane width they work on; a half is 16 bits.
/// </summary>
internal unsafe interface ISimd<TInt, TFloat>
    where TInt : struct
    where TFloat : struct
{
    /// <summary>Rows of a vector: 4, 8 or 16.</summary>
    static abstract int Lanes { get; }

    /// <summary>Whether <see cref="MultiplyBytes"/> is one instruction; kernels without it work in 16-bit lanes.</summary>
    static abstract bool MultipliesBytes { get; }

    static abstract TInt Load(byte* source);
    static abstract TFloat LoadFloats(float* source);
    static abstract void Store(TFloat value, float* destination);

    /// <summary>Asks for lines of 64 bytes to be brought near; never faults.</summary>
    static abstract void Prefetch(byte* line, int lines);

    static abstract TInt Set(int value);
    static abstract TFloat Set(float value);

    static abstract TInt And(TInt a, TInt b);
    static abstract TInt Or(TInt a, TInt b);
    static abstract TInt Xor(TInt a, TInt b);
    static abstract TInt Equal(TInt a, TInt b);
    static abstract TInt ShiftLeft(TInt value, int bits);
    static abstract TInt ShiftRight(TInt value, int bits);
    static abstract TInt Add(TInt a, TInt b);
    static abstract TInt Multiply(TInt a, TInt b);

    static abstract TInt AddHalves(TInt a, TInt b);
    static abstract TInt MultiplyHalves(TInt a, TInt b);
    static abstract TInt ShiftLeftHalves(TInt value, int bits);
    static abstract TInt ShiftRightHalves(TInt value, int bits);

    /// <summary>Halves shifted right, zeros shifted in.</summary>
    static abstract TInt ShiftRightHalvesUnsigned(TInt value, int bits);

    /// <summary>Products of unsigned and signed bytes, neighbours summed into a half.</summary>
    static abstract TInt MultiplyBytes(TInt unsigned, TInt signed);

    /// <summary>The two signed halves of each lane, summed.</summary>
    static abstract TInt SumHalves(TInt value);

    static abstract TFloat ToFloat(TInt value);
    static abstract TFloat AsFloat(TInt bits);
    static abstract TFloat Add(TFloat a, TFloat b);
    static abstract TFloat Multiply(TFloat a, TFloat b);

    /// <summary>a · b + sum, rounded once where the processor can.</summary>
    static abstract TFloat MultiplyAdd(TFloat a, TFloat b, TFloat sum);
}
