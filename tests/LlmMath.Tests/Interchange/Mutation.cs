namespace LlmMath.Tests.Interchange;

/// <summary>Changes inputs at random, from a seed: bytes of any text, and values of what it holds.</summary>
internal static class Mutation
{
    /// <summary>What a hostile number may be.</summary>
    public static readonly ulong[] Extremes =
    [
        0, 1, 2, 3, 7, 255, 65_535, 65_536, 65_537, int.MaxValue, (1UL << 31), uint.MaxValue, 1UL << 32, 1UL << 40,
        (1UL << 62) - 1, 1UL << 62, long.MaxValue,
        1UL << 63, ulong.MaxValue - 1, ulong.MaxValue,
    ];

    public static T Pick<T>(this Random random, IReadOnlyList<T> items) => items[random.Next(items.Count)];

    /// <summary>The bytes with some changed, inserted, removed, repeated or cut off.</summary>
    public static byte[] Bytes(Random random, byte[] bytes)
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

    /// <summary>Runs one input: it gives a result, or one error that names the file; in bounded memory.</summary>
    /// <param name="input">The input, for a failure's message.</param>
    /// <param name="limit">Bytes that may be allocated.</param>
    /// <param name="read">Reads it, under the name <c>file</c>.</param>
    /// <returns>Whether it gave a result.</returns>
    public static bool Survives(Func<string> input, long limit, Action read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isRead = false;
        try
        {
            read();
            isRead = true;
        }
        catch (DefinitionException error)
        {
            if (error.File != "file" || !error.Message.StartsWith("file: ", StringComparison.Ordinal)
                || error.Message.Length > 10_000)
            {
                Assert.Fail($"An error without its file, or too long: {error.Message}\n{input()}");
            }
        }
        catch (Exception error) when (error is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{error}\n{input()}");
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > limit)
        {
            Assert.Fail($"{allocated:N0} bytes allocated.\n{input()}");
        }

        return isRead;
    }
}
