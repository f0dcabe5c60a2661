using static LlmMath.Fuzz.PropertyException;

namespace LlmMath.Fuzz.Estimates;

/// <summary>The only errors that an estimate may give.</summary>
internal static class Refusal
{
    /// <summary>Asks; false where it was refused by a documented exception of one line.</summary>
    public static bool Answers(Action ask)
    {
        try
        {
            ask();
            return true;
        }
        catch (Exception error) when (error is DefinitionException or (ArgumentException and not ArgumentNullException))
        {
            Require(error.Message.Length is > 0 and < 2000, "an error is short", error.Message.Length);
            Require(error.Message.Contains(':', StringComparison.Ordinal) || error is ArgumentOutOfRangeException,
                "an error names what is wrong", error.Message);
            return false;
        }
    }
}
