namespace LlmMath.Interchange.Json;

/// <summary>Numbers of JSON: where they end.</summary>
internal static class JsonNumbers
{
    private const string Digit = "Expected a digit ('0'-'9')";

    /// <summary>Where a number ends, or its fault: the first byte that is none of it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the number begins.</param>
    /// <param name="isInside">Whether something must follow it.</param>
    /// <param name="problem">The fault; null for none.</param>
    public static int End(ReadOnlySpan<byte> text, int start, bool isInside, out string? problem)
    {
        problem = null;
        int at = start;
        if (text[at] == '-' && !HasDigit(text, ++at, "immediately after a sign character ('+' or '-')", out problem))
        {
            return at;
        }

        bool isZero = text[at] == '0';
        at = isZero ? at + 1 : Digits(text, at);
        if (isZero && IsDigit(text, at))
        {
            problem = $"Invalid leading zero before '{Utf8JsonReader.Shown(text[at])}'.";
            return at;
        }

        string expected = "a delimiter";
        if (at < text.Length && text[at] == '.')
        {
            if (!HasDigit(text, ++at, "immediately after a decimal point ('.')", out problem))
            {
                return at;
            }

            at = Digits(text, at);
            expected = "'E' or 'e'";
        }

        if (at < text.Length && text[at] is (byte)'e' or (byte)'E')
        {
            at++;
            bool isSigned = at < text.Length && text[at] is (byte)'+' or (byte)'-';
            at += isSigned ? 1 : 0;
            if (!HasDigit(text, at, "immediately after a sign character ('+' or '-')", out problem))
            {
                return at;
            }

            at = Digits(text, at);
            expected = "a delimiter";
        }

        bool isEnded = at == text.Length ? !isInside : ",}] \n\r\t/".IndexOf((char)text[at]) >= 0;
        byte last = text[Math.Min(at, text.Length - 1)];
        expected = at < text.Length ? expected : "a delimiter";
        problem = isEnded ? null : $"'{Utf8JsonReader.Shown(last)}' is an invalid end of a number. Expected {expected}.";
        return at;
    }

    private static bool HasDigit(ReadOnlySpan<byte> text, int at, string where, out string? problem)
    {
        problem = at >= text.Length ? Digit + ", but instead reached end of data."
            : IsDigit(text, at) ? null
            : $"'{Utf8JsonReader.Shown(text[at])}' is invalid within a number, {where}. {Digit}.";
        return problem is null;
    }

    private static int Digits(ReadOnlySpan<byte> text, int at)
    {
        while (IsDigit(text, at))
        {
            at++;
        }

        return at;
    }

    private static bool IsDigit(ReadOnlySpan<byte> text, int at) => at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9';
}
