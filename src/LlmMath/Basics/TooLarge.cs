namespace LlmMath.Basics;

/// <summary>Errors for sizes that exceed 2⁶³ − 1 bytes, where checked arithmetic overflowed: they name the argument that is too
/// much.</summary>
internal static class TooLarge
{
    /// <summary>The error of one size.</summary>
    /// <param name="argument">The argument's name.</param>
    /// <param name="what">What would be too large, as the subject of the sentence.</param>
    /// <param name="remedy">What would be right.</param>
    public static ArgumentOutOfRangeException Of(string argument, string what, string remedy = "give less") =>
        new(argument, $"{what} would exceed 2^63 - 1 bytes: {remedy}.");
}
