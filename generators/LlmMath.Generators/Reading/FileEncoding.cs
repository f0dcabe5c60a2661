using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace LlmMath.Generators;

/// <summary>Whether a file is UTF-8. The compiler reads other encodings too, and puts U+FFFD for what it cannot read.</summary>
internal static class FileEncoding
{
    private const int Utf8 = 65001;

    /// <summary>Where the file stops being UTF-8 and what it is instead, or null where it is UTF-8.</summary>
    public static (int Position, string Problem)? Flaw(SourceText source, string text)
    {
        if (source.Encoding is { } encoding && !IsUtf8(encoding, text))
        {
            return (0, $"The file is not UTF-8; it was read as {encoding.WebName}.");
        }

        return text.IndexOf('\uFFFD') is >= 0 and int replaced && !HasBytesOf(source, text)
            ? (replaced, "The file is not valid UTF-8.")
            : null;
    }

    // One byte a character below U+0080 is UTF-8 too.
    private static bool IsUtf8(Encoding encoding, string text) =>
        encoding.CodePage == Utf8 || (encoding.IsSingleByte && text.All(c => c < 0x80));

    // U+FFFD is a character too: the checksum, which is of the file's own bytes, tells whether it stood there.
    private static bool HasBytesOf(SourceText source, string text) =>
        HasChecksum(source, Encoding.UTF8.GetBytes(text)) || HasChecksum(source, Encoding.UTF8.GetBytes("\uFEFF" + text));

    private static bool HasChecksum(SourceText source, byte[] utf8) =>
        SourceText.From(utf8, utf8.Length, Encoding.UTF8,
            source.ChecksumAlgorithm).GetChecksum().SequenceEqual(source.GetChecksum());
}
