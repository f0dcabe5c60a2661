using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmMath;

/// <summary>
/// Floats of 16 bits or fewer, without their sign: a code is exponent and fraction side by side, so codes count up with their values, and
/// rounding may carry from the fraction into the exponent. Rounds to nearest, ties to even; what lies beyond the greatest code gets that.
/// </summary>
internal static class SmallFloat
{
    /// <summary>The code of a magnitude.</summary>
    /// <param name="magnitude">0 or more, or infinite; not NaN.</param>
    /// <param name="fractionBits">Bits of the fraction.</param>
    /// <param name="bias">What is taken from the stored exponent.</param>
    /// <param name="largest">The greatest code: what lies beyond gets it too.</param>
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

    /// <summary>The codes of sixteen magnitudes; the same as one by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Encode(Vector512<float> magnitude, int fractionBits, int bias, int largest)
    {
        int shift = 23 - fractionBits;
        Vector512<uint> bits = magnitude.AsUInt32(), stepBits = Vector512.Create(StepBits(fractionBits, bias));
        Vector512<uint> subnormal = (magnitude + stepBits.AsSingle()).AsUInt32() - stepBits;
        Vector512<uint> rounded = (bits + Vector512.Create((1u << (shift - 1)) - 1) + ((bits >> shift) & Vector512<uint>.One)) >> shift;
        Vector512<uint> normal = Vector512.Min((rounded - Vector512.Create((uint)(127 - bias) << fractionBits)).AsInt32(), Vector512.Create(largest)).AsUInt32();
        return Vector512.ConditionalSelect(
            Vector512.LessThan(bits.AsInt32(), Vector512.Create((128 - bias) << 23)).AsUInt32(), subnormal, normal);
    }

    /// <summary>The magnitude of a code, exactly.</summary>
    /// <param name="code">A code without sign; codes of NaN and infinity read as numbers.</param>
    /// <param name="fractionBits">Bits of the fraction.</param>
    /// <param name="bias">What is taken from the stored exponent.</param>
    public static float Decode(int code, int fractionBits, int bias) =>
        BitConverter.UInt32BitsToSingle((uint)code << (23 - fractionBits)) * BitConverter.UInt32BitsToSingle((uint)(254 - bias) << 23);

    /// <summary>The magnitudes of sixteen codes; the same as one by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Decode(Vector512<uint> code, int fractionBits, int bias) =>
        (code << (23 - fractionBits)).AsSingle() * BitConverter.UInt32BitsToSingle((uint)(254 - bias) << 23);

    private static uint StepBits(int fractionBits, int bias) => (uint)(127 + 24 - bias - fractionBits) << 23;
}
