using System.Globalization;
using System.Text;

namespace LlmMath.Interchange.Json;

/// <summary>Strings of JSON: where they end, and what they say.</summary>
internal static class JsonStrings
{
    private const string Escapes = "\"\\/bfnrtu", Escaped = "\"\\/\b\f\n\r\t";

    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Where a string's closing quotation mark stands, or its fault.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Behind the opening mark.</param>
    /// <param name="isEscaped">Whether a <c>\</c> is in it.</param>
    /// <param name="problem">The fault; null for none.</param>
    public static int End(ReadOnlySpan<byte> text, int start, out bool isEscaped, out string? problem)
    {
        (isEscaped, problem) = (false, null);
        int at = start;
        for (; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] < 0x20)
            {
                problem = $"'{Utf8JsonReader.Shown(text[at])}' is invalid within a JSON string. "
                    + "The string should be correctly escaped.";
                return at;
            }

            if (text[at] != '\\')
            {
                continue;
            }

            isEscaped = true;
            if (++at == text.Length)
            {
                break;
            }

            if (Escapes.IndexOf((char)text[at]) < 0)
            {
                problem = $"'{Utf8JsonReader.Shown(text[at])}' is an invalid escapable character within a JSON string. "
                    + "The string should be correctly escaped.";
                return at;
            }

            for (int digit = 0; text[at] == 'u' && digit < 4; digit++)
            {
                if (at + 1 + digit == text.Length)
                {
                    at = text.Length - 1;
                    break;
                }

                if (!IsHex(text[at + 1 + digit]))
                {
                    problem = $"'{Utf8JsonReader.Shown(text[at + 1 + digit])}' is not a hex digit following '\\u' within a JSON "
                        + "string. The string should be correctly escaped.";
                    return at + 1 + digit;
                }
            }
        }

        problem = at == text.Length ? "Expected end of string, but instead reached end of data." : null;
        return at;
    }

    /// <summary>What a string says.</summary>
    /// <exception cref="InvalidOperationException">It is no valid UTF-8, or has half of a surrogate pair.</exception>
    public static string Decode(ReadOnlySpan<byte> value, bool isEscaped)
    {
        string raw;
        try
        {
            raw = s_strict.GetString(value.ToArray());
        }
        catch (ArgumentException error)
        {
            throw new InvalidOperationException("Cannot transcode invalid UTF-8 JSON text to UTF-16 string.", error);
        }

        return isEscaped ? Unescape(raw) : raw;
    }

    private static string Unescape(string raw)
    {
        var said = new StringBuilder(raw.Length);
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                said.Append(raw[i]);
                continue;
            }

            i++;
            if (raw[i] != 'u')
            {
                said.Append(Escaped[Escapes.IndexOf(raw[i])]);
                continue;
            }

            char unit = Unit(raw, i + 1);
            i += 4;
            said.Append(unit);
            if (!char.IsSurrogate(unit))
            {
                continue;
            }

            // A pair is escaped in both halves.
            char low = i + 6 < raw.Length && raw[i + 1] == '\\' && raw[i + 2] == 'u' ? Unit(raw, i + 3) : '\0';
            if (!char.IsHighSurrogate(unit) || !char.IsLowSurrogate(low))
            {
                throw new InvalidOperationException(
                    "Cannot read incomplete UTF-16 JSON text as string with missing low surrogate.");
            }

            said.Append(low);
            i += 6;
        }

        return said.ToString();
    }

    private static char Unit(string raw, int at) =>
        (char)ushort.Parse(raw.Substring(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static bool IsHex(byte value) =>
        value is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f') or (>= (byte)'A' and <= (byte)'F');
}
