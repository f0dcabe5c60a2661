namespace LlmMath;

/// <summary>A question that cannot be answered as it was asked: something in it is out of range, does not go with the rest, or is
/// not known. Names the field and, where there is one, what to do instead.</summary>
public sealed class EstimateException : ArgumentException
{
    /// <summary>The error of a field.</summary>
    /// <param name="field">The field at fault.</param>
    /// <param name="problem">What is wrong with it and what would be right: a sentence after its name.</param>
    /// <param name="suggestion">What to do instead: a sentence of its own, or null.</param>
    /// <param name="inner">What caused it, or null.</param>
    internal EstimateException(string field, string problem, string? suggestion = null, Exception? inner = null)
        : base($"{field}: {problem}{(suggestion is null ? "" : " " + suggestion)}", inner) =>
        (Field, Problem, Suggestion) = (field, problem, suggestion);

    /// <summary>The field at fault, by its name in C#: <c>Context</c>.</summary>
    public string Field { get; }

    /// <summary>What is wrong and what would be right, without the field.</summary>
    public string Problem { get; }

    /// <summary>What to do instead, or null where there is nothing to say.</summary>
    public string? Suggestion { get; }

    /// <summary>Whether a number exceeds 2⁶³ − 1: whoever asked for it may say so in words of its own.</summary>
    internal bool IsTooLarge { get; private init; }

    /// <summary>The error of a number that exceeds 2⁶³ − 1, in which all counts are.</summary>
    /// <param name="field">The field at fault.</param>
    /// <param name="what">What would be too large: the sentence's subject.</param>
    /// <param name="inner">What caused it, or null.</param>
    internal static EstimateException TooLarge(string field, string what, Exception? inner = null) =>
        new(field, $"{what} would exceed 2^63 - 1.", inner: inner) { IsTooLarge = true };
}
