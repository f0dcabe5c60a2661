namespace LlmMath.Numerics;

/// <summary>
/// A number format whose elements stand in blocks of one size, each with its own scales: a formula for one block, and loops over
/// many. A plain element format (fp16) has blocks of one element. Implemented by empty structs, so that the format is a type
/// parameter.
/// </summary>
/// <remarks>
/// <see cref="TryEncode"/> and <see cref="TryDecode"/> are the definition; <see cref="EncodeBlocks"/> and
/// <see cref="DecodeBlocks"/> may be vectorized and give the same bits. None of them allocates. <see cref="BlockQuantizer"/>
/// checks lengths and names what is wrong.
/// </remarks>
public interface IBlockFormat
{
    /// <summary>The usual name in lower case: <c>q4_0</c>.</summary>
    static abstract string Name { get; }

    /// <summary>Elements in a block, 1 or more.</summary>
    static abstract int BlockElements { get; }

    /// <summary>Bytes of a block, scales included.</summary>
    static abstract int BlockBytes { get; }

    /// <summary>Encodes one block: the scalar definition.</summary>
    /// <param name="values"><see cref="BlockElements"/> values.</param>
    /// <param name="block"><see cref="BlockBytes"/> bytes; what they hold after a false is not specified.</param>
    /// <returns>False where the format cannot hold the values: NaN or infinite, or so large that a scale would be
    /// infinite.</returns>
    static abstract bool TryEncode(ReadOnlySpan<float> values, Span<byte> block);

    /// <summary>Decodes one block: the scalar definition.</summary>
    /// <param name="block"><see cref="BlockBytes"/> bytes.</param>
    /// <param name="values"><see cref="BlockElements"/> values; what they hold after a false is not specified.</param>
    /// <returns>False where the block is no valid one: a scale is NaN or infinite, or a code has no meaning.</returns>
    static abstract bool TryDecode(ReadOnlySpan<byte> block, Span<float> values);

    /// <summary>Encodes blocks one after another.</summary>
    /// <param name="values">A multiple of <see cref="BlockElements"/>.</param>
    /// <param name="blocks"><see cref="BlockBytes"/> for each block.</param>
    /// <returns>The blocks encoded before the first that the format cannot hold: all of them, if it holds them all.</returns>
    static abstract int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks);

    /// <summary>Decodes blocks one after another.</summary>
    /// <param name="blocks">A multiple of <see cref="BlockBytes"/>.</param>
    /// <param name="values"><see cref="BlockElements"/> for each block.</param>
    /// <returns>The blocks decoded before the first that is not valid: all of them, if all are.</returns>
    static abstract int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values);
}
