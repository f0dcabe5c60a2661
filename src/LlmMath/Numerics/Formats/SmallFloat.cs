using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmMath.Numerics.Formats;

/// <summary>
/// Floats of 16 bits or fewer, without their sign: a code is exponent and fraction side by side, so codes count up with their
/// values, and rounding may carry from the fraction into the exponent. Rounds to nearest, ties to even; what lies beyond the
/// greatest code gets that.
/// </summary>
internal static class SmallFloat
{
    /// <summary>The code of a magnitude.</summary>
    /// <param name="magnitude">0 or more, or infinite; not NaN.</param>
    /// <param name="fractionBits">Bits of the fraction.</param>
    /// <param name="bias">What is taken from the stored exponent.</param>
    /// <param name="largest">The greatest code: what lies beyond gets it too.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Encode(float magnitude, int fractionBits, int bias, int largest)
    {
        int shift = 23 - fractionBits;
        uint bits = BitConverter.SingleToUInt32Bits(magnitude), leastNormal = (uint)(128 - bias) << 23;
        if (bits < leastNormal)
        {
            // Subnormals are multiples of the step 2^(1 − bias − fractionBits), which is the last digit of this float.
            float step = BitConverter.UInt32BitsToSingle(StepBits(fractionBits, bias));
            return (int)(BitConverter.SingleToUInt32Bits(magnitude + step) - StepBits(fractionBits, bias));
        }

        uint rounded = (bits + (1u << (shift - 1)) - 1 + ((bits >> shift) & 1)) >> shift;
        return Math.Min(largest, (int)rounded - ((127 - bias) << fractionBits));
    }

    /// <summary>
    /// The codes of sixteen magnitudes in their low 8 or 16 bits; the same as one by one, and the greatest code for a NaN. What
    /// stands above those bits is to be cut off. To a magnitude is added the power of two whose last digit is the format's: the
    /// sum is rounded as the code is to be, and its low bits count the last digits. The exponent makes up the rest; what it is
    /// too large by is a whole number of digits, even, and added along.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Encode(Vector512<float> magnitude, int fractionBits, int bias, int largest)
    {
        int shift = 23 - fractionBits, leastNormal = (128 - bias) << 23, digits = 0x1_0000 - ((leastNormal >> shift) & 0xFFFF);
        float limit = Decode(largest, fractionBits, bias);
        Vector512<int> bits = Vector512.Min(magnitude.AsInt32(), Vector512.Create(limit).AsInt32());
        Vector512<int> exponent = Vector512.Max(bits & Vector512.Create(0x7F80_0000), Vector512.Create(leastNormal));
        Vector512<float> addend = (exponent + Vector512.Create((shift << 23) + digits)).AsSingle();
        return ((bits.AsSingle() + addend).AsInt32() + (exponent >> shift)).AsUInt32();
    }

    /// <summary>The magnitude of a code, exactly.</summary>
    /// <param name="code">A code without sign; codes of NaN and infinity read as numbers.</param>
    /// <param name="fractionBits">Bits of the fraction.</param>
    /// <param name="bias">What is taken from the stored exponent.</param>
    public static float Decode(int code, int fractionBits, int bias) =>
        BitConverter.UInt32BitsToSingle((uint)code << (23 - fractionBits)) * PowerOfTwo(127 - bias);

    /// <summary>The magnitudes of sixteen codes; the same as one by one. No float is subnormal on the way, which would cost many
    /// cycles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> DecodeBySelection(Vector512<uint> code, int fractionBits, int bias)
    {
        Vector512<uint> normal = (code << (23 - fractionBits)) + Vector512.Create((uint)(127 - bias) << 23);
        Vector512<float> subnormal = Vector512.ConvertToSingle(code.AsInt32()) * PowerOfTwo(1 - bias - fractionBits);
        Vector512<int> isSubnormal = Vector512.LessThan(code.AsInt32(), Vector512.Create(1 << fractionBits));
        return Vector512.ConditionalSelect(isSubnormal.AsSingle(), subnormal, normal.AsSingle());
    }

    private static float PowerOfTwo(int exponent) => BitConverter.UInt32BitsToSingle((uint)(127 + exponent) << 23);

    private static uint StepBits(int fractionBits, int bias) => (uint)(127 + 24 - bias - fractionBits) << 23;
}
