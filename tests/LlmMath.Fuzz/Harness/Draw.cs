namespace LlmMath.Fuzz;

/// <summary>What inputs are made of.</summary>
internal static class Draw
{
    /// <summary>What a hostile number may be.</summary>
    public static readonly ulong[] Extremes =
    [
        0, 1, 2, 3, 7, 255, 65_535, 65_536, 65_537, int.MaxValue, (1UL << 31), uint.MaxValue, 1UL << 32, 1UL << 40,
        (1UL << 62) - 1, 1UL << 62, long.MaxValue, 1UL << 63, ulong.MaxValue - 1, ulong.MaxValue,
    ];

    /// <summary>What ends a line, steers a terminal, hides or turns text, or ends a string somewhere.</summary>
    public static readonly string[] Signs =
    [
        "\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029", "\v", "\f", "\0", "\u001b[31m", "\a", "\b", "\t", "\u007f",
        "\u009b1m", "\u200b", "\u202e", "\u2066", "\ufeff", "\U0001F600", "\"", "\\", "'", "`", "*/", "/*", "//", "///", "{",
        "}", "{{", "}}", "\"\"\"", "</summary>", "]]>", "&", "<", ">", "#error x", "\n#error x\n", "@", "$", "%", ";", "é",
        "\u0301", "$(x)",
    ];

    public static T Pick<T>(this Random random, IReadOnlyList<T> items) => items[random.Next(items.Count)];

    public static bool OneIn(this Random random, int times) => random.Next(times) == 0;

    /// <summary>A number of any magnitude up to a greatest one: as often between 1 and 10 as between a million and ten.</summary>
    public static long UpTo(this Random random, double greatest) =>
        (long)Math.Min(Math.Exp(random.NextDouble() * Math.Log(greatest)), long.MaxValue);

    /// <summary>Text of letters with some <see cref="Signs"/> among them.</summary>
    public static string Text(this Random random, int parts) => string.Concat(
        Enumerable.Range(0, random.Next(parts + 1)).Select(_ => random.OneIn(2) ? random.Pick(Signs)
            : ((char)('a' + random.Next(26))).ToString()));

    /// <summary>The bytes with some changed, inserted, removed, repeated or cut off.</summary>
    public static byte[] Bytes(this Random random, byte[] bytes)
    {
        List<byte> mutated = [.. bytes];
        for (int change = random.Next(1, 4); change > 0 && mutated.Count > 0; change--)
        {
            int at = random.Next(mutated.Count);
            switch (random.Next(6))
            {
                case 0:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 1:
                    mutated[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    mutated.InsertRange(at, Enumerable.Repeat((byte)random.Pick(" \"{}[]0-,:\0"u8.ToArray()), random.Next(1, 9)));
                    break;
                case 3:
                    mutated.RemoveRange(at, Math.Min(random.Next(1, 9), mutated.Count - at));
                    break;
                case 4:
                    mutated.InsertRange(at, mutated.GetRange(at, Math.Min(random.Next(1, 65), mutated.Count - at)));
                    break;
                default:
                    mutated.RemoveRange(at, mutated.Count - at);
                    break;
            }
        }

        return [.. mutated];
    }
}
