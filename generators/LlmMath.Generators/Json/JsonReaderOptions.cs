namespace LlmMath.Interchange.Json;

/// <summary>How a text is read.</summary>
internal struct JsonReaderOptions
{
    /// <summary>Levels of nesting, 1 to 64.</summary>
    public int MaxDepth { get; set; }
}

/// <summary>What a token is.</summary>
internal enum JsonTokenType
{
    None,
    StartObject,
    EndObject,
    StartArray,
    EndArray,
    PropertyName,
    String,
    Number,
    True,
    False,
    Null,
}

/// <summary>A text that is no JSON.</summary>
internal sealed class JsonException(string message, long line, long byteInLine) : Exception(message)
{
    /// <summary>Lines before the fault.</summary>
    public long? LineNumber { get; } = line;

    /// <summary>Bytes of its line before it.</summary>
    public long? BytePositionInLine { get; } = byteInLine;
}
