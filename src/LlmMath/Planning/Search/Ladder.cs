namespace LlmMath.Planning.Search;

/// <summary>Requests that a replica answers at once, of which a search tries these.</summary>
internal static class Ladder
{
    /// <summary>From one to as many as engines take by default, each step about two fifths more.</summary>
    public static readonly int[] Places = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];
}
