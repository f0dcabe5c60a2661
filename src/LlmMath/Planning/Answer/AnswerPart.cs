namespace LlmMath.Planning.Answer;

/// <summary>A part of a written answer: a heading, text, a table or a list, whichever is there.</summary>
internal sealed record AnswerPart
{
    public string? Heading { get; init; }

    public string? Text { get; init; }

    /// <summary>A command or a file, as it stands.</summary>
    public string? Code { get; init; }

    /// <summary>Titles of columns; the first holds text, the others are set to the right.</summary>
    public string[] Titles { get; init; } = [];

    public string[][] Rows { get; init; } = [];

    public string[] Items { get; init; } = [];
}
