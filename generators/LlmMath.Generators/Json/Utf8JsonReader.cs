using System.Globalization;
using System.Text;

namespace LlmMath.Interchange.Json;

/// <summary>
/// The part of .NET's reader of JSON that <see cref="JsonText"/> asks for, under the same names and with the same words: in the
/// library they mean .NET's own. netstandard2.0 has none, and System.Text.Json with the seven assemblies that it needs would
/// be two thirds of what the generator brings into everyone's build. `JsonReaderTests` holds the two together, token by token
/// and error by error, over mutated texts.
/// </summary>
internal ref struct Utf8JsonReader(ReadOnlySpan<byte> text, JsonReaderOptions options)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private readonly int _mostDepth = options.MaxDepth;
    private int _at, _depth;
    private ulong _objects;
    private ReadOnlySpan<byte> _value;
    private bool _isEscaped;

    /// <summary>The kind of the token that was read last.</summary>
    public JsonTokenType TokenType { get; private set; }

    /// <summary>Where it begins, in bytes.</summary>
    public long TokenStartIndex { get; private set; }

    private readonly bool InObject => (_objects & 1) != 0;

    /// <summary>Reads the next token.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public bool Read()
    {
        SkipBlanks();
        if (_at == _text.Length)
        {
            return TokenType == JsonTokenType.None
                ? throw Error("The input does not contain any JSON tokens. Expected the input to start with a valid JSON token, "
                    + "when isFinalBlock is true.")
                : _depth == 0 ? false
                : throw Error("Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array "
                    + "that should be closed.");
        }

        TokenStartIndex = _at;
        byte first = _text[_at];
        switch (TokenType)
        {
            case JsonTokenType.None:
                ReadValue(first);
                break;
            case JsonTokenType.StartObject when first is not ((byte)'}' or (byte)'/'):
                ReadName(first);
                break;
            case JsonTokenType.PropertyName when first != '/':
            case JsonTokenType.StartArray when first is not ((byte)']' or (byte)'/'):
                ReadValue(first);
                break;
            default:
                ReadNext(first);
                break;
        }

        return true;
    }

    /// <summary>The text of a string or of a name.</summary>
    /// <exception cref="InvalidOperationException">It is no valid UTF-8, or has half of a surrogate pair.</exception>
    public readonly string GetString() => JsonStrings.Decode(_value, _isEscaped);

    /// <summary>The number, where it is a whole one of 64 bits.</summary>
    public readonly bool TryGetInt64(out long value) =>
        long.TryParse(Ascii(_value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    /// <summary>The number, where a double holds it.</summary>
    public readonly bool TryGetDouble(out double value) =>
        double.TryParse(Ascii(_value), NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    /// <summary>Goes on to the end of a value.</summary>
    public void Skip()
    {
        if (TokenType == JsonTokenType.PropertyName)
        {
            Read();
        }

        if (TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            int outside = _depth - 1;
            while (_depth > outside)
            {
                Read();
            }
        }
    }

    // A comma, or the end of a section.
    private void ReadNext(byte first)
    {
        if (_depth == 0)
        {
            throw Error($"'{Shown(first)}' is invalid after a single JSON value. Expected end of data.");
        }

        switch (first)
        {
            case (byte)',':
                AfterComma();
                break;
            case (byte)'}':
                Close(InObject, first, JsonTokenType.EndObject);
                break;
            case (byte)']':
                Close(!InObject, first, JsonTokenType.EndArray);
                break;
            default:
                throw Error($"'{Shown(first)}' is invalid after a value. Expected either ',', '}}', or ']'.");
        }
    }

    private void AfterComma()
    {
        int comma = _at++;
        SkipBlanks();
        if (_at == _text.Length)
        {
            _at = _at == comma + 1 ? comma : _at;
            throw Error("Expected start of a property name or value, but instead reached end of data.");
        }

        TokenStartIndex = _at;
        byte first = _text[_at];
        if (first == (InObject ? '}' : ']'))
        {
            throw Error($"The JSON {(InObject ? "object" : "array")} contains a trailing comma at the end which is not supported "
                + "in this mode. Change the reader options.");
        }

        if (InObject)
        {
            ReadName(first);
        }
        else
        {
            ReadValue(first);
        }
    }

    private void ReadName(byte first)
    {
        if (first != '"')
        {
            throw Error($"'{Shown(first)}' is an invalid start of a property name. Expected a '\"'.");
        }

        ReadString();
        TokenType = JsonTokenType.PropertyName;
        SkipBlanks();
        if (_at == _text.Length)
        {
            throw Error("Expected a value, but instead reached end of data.");
        }

        if (_text[_at] != ':')
        {
            throw Error($"'{Shown(_text[_at])}' is invalid after a property name. Expected a ':'.");
        }

        _at++;
    }

    private void ReadValue(byte first)
    {
        switch (first)
        {
            case (byte)'"':
                ReadString();
                TokenType = JsonTokenType.String;
                break;
            case (byte)'{':
                Open(isObject: true);
                break;
            case (byte)'[':
                Open(isObject: false);
                break;
            case (byte)'t':
                ReadWord("true", JsonTokenType.True);
                break;
            case (byte)'f':
                ReadWord("false", JsonTokenType.False);
                break;
            case (byte)'n':
                ReadWord("null", JsonTokenType.Null);
                break;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                ReadNumber();
                break;
            default:
                throw Error($"'{Shown(first)}' is an invalid start of a value.");
        }
    }

    private void Open(bool isObject)
    {
        if (_depth >= _mostDepth)
        {
            throw Error($"The maximum configured depth of {_mostDepth} has been exceeded. Cannot read next JSON "
                + (isObject ? "object." : "array."));
        }

        _depth++;
        _objects = (_objects << 1) | (isObject ? 1ul : 0);
        _at++;
        TokenType = isObject ? JsonTokenType.StartObject : JsonTokenType.StartArray;
    }

    private void Close(bool isRight, byte end, JsonTokenType token)
    {
        if (!isRight)
        {
            throw Error($"'{Shown(end)}' is invalid without a matching open.");
        }

        _depth--;
        _objects >>= 1;
        _at++;
        TokenType = token;
    }

    private void ReadWord(string word, JsonTokenType token)
    {
        for (int i = 1; i < word.Length; i++)
        {
            if (_at + i >= _text.Length || _text[_at + i] != word[i])
            {
                string rest = Encoding.UTF8.GetString(_text.Slice(_at).ToArray());
                _at += i;
                throw Error($"'{rest}' is an invalid JSON literal. Expected the literal '{word}'.");
            }
        }

        _at += word.Length;
        TokenType = token;
    }

    private void ReadString()
    {
        int start = ++_at;
        _at = JsonStrings.End(_text, start, out _isEscaped, out string? problem);
        if (problem is not null)
        {
            throw Error(problem);
        }

        _value = _text.Slice(start, _at - start);
        _at++;
    }

    private void ReadNumber()
    {
        int end = JsonNumbers.End(_text, _at, _depth > 0, out string? problem);
        if (problem is not null)
        {
            _at = end;
            throw Error(problem);
        }

        _value = _text.Slice(_at, end - _at);
        _at = end;
        TokenType = JsonTokenType.Number;
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            _at++;
        }
    }

    /// <summary>A byte as an error shows it.</summary>
    public static string Shown(byte value) => value is > 0x1f and < 0x7f
        ? ((char)value).ToString()
        : "0x" + value.ToString("X2", CultureInfo.InvariantCulture);

    private static string Ascii(ReadOnlySpan<byte> value) => Encoding.ASCII.GetString(value.ToArray());

    private readonly JsonException Error(string problem)
    {
        ReadOnlySpan<byte> before = _text.Slice(0, _at);
        long lines = 0;
        foreach (byte b in before)
        {
            lines += b == '\n' ? 1 : 0;
        }

        return new JsonException(problem, lines, _at - (before.LastIndexOf((byte)'\n') + 1));
    }
}
