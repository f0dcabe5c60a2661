namespace LlmMath.Tests.Numerics.Formats;

/// <summary>Values and blocks of whole-number arithmetic, the same on every machine: those that ggml's digests were made
/// of.</summary>
public static class GgmlSamples
{
    /// <summary>Values of a kind.</summary>
    public const int Count = 1 << 14;

    /// <summary>The kinds of values.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        "bell", "scaled", "bf16", "heavy-tailed", "grid", "ternary", "positive", "negative", "constant", "one-hot", "ramp",
        "zeros",
        "tiny",
    ];

    /// <summary>Values of a kind. Scales change from each 256 to the next.</summary>
    public static float[] Values(string kind)
    {
        float[] values = new float[Count];
        for (int i = 0; i < Count; i++)
        {
            int block = i / 256;
            float bell = Uniform(i, 0) + Uniform(i, 1) + Uniform(i, 2), scale = MathF.ScaleB(1, (block % 31) - 22),
                part = Uniform(block, 7);
            values[i] = kind switch
            {
                "bell" => bell,
                "scaled" => bell * scale,
                "bf16" => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(bell / 32) & 0xFFFF_0000),
                "heavy-tailed" => bell * bell * bell * bell * bell * scale,
                "grid" => (int)(Hash(i, 0) % 13) - 6 + ((int)(Hash(i, 1) % 4) * 0.25f),
                "ternary" => ((int)(Hash(i, 0) % 3) - 1) * scale,
                "positive" => (MathF.Abs(bell) + 2) * scale,
                "negative" => (-MathF.Abs(bell) - 0.5f) * scale,
                "constant" => part * scale,
                "one-hot" => Hash(i / 32, 3) % 32 == (ulong)(i % 32) ? part * scale : 0,
                "ramp" => ((i % 256) - 100) * scale,
                "zeros" => Hash(i, 0) % 16 == 0 ? bell : Hash(i, 1) % 2 == 0 ? 0f : -0f,
                _ => bell * MathF.ScaleB(1, -20 - (block % 41)),
            };
        }

        return values;
    }

    /// <summary>A block of any bits, valid or not.</summary>
    public static byte[] Block(int bytes, int number) =>
        [.. Enumerable.Range(0, bytes).Select(i => (byte)(Hash(number, i) & (number % 4 == 3 ? Hash(number, 1000 + i) : 0xFF)))];

    // From −1 to 1, a multiple of 2⁻²³.
    private static float Uniform(int i, int stream) => ((int)(Hash(i, stream) >> 40) - (1 << 23)) * MathF.ScaleB(1, -23);

    // SplitMix64: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014).
    private static ulong Hash(int i, int stream)
    {
        unchecked
        {
            ulong x = ((ulong)stream << 32) + (ulong)i;
            x = (x + 1) * 0x9E37_79B9_7F4A_7C15;
            x = (x ^ (x >> 30)) * 0xBF58_476D_1CE4_E5B9;
            x = (x ^ (x >> 27)) * 0x94D0_49BB_1331_11EB;
            return x ^ (x >> 31);
        }
    }
}
