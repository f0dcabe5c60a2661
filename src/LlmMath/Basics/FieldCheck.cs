namespace LlmMath.Basics;

/// <summary>What a field of a request must be.</summary>
internal static class FieldCheck
{
    /// <summary>Refuses a value that is not right.</summary>
    /// <param name="holds">Whether the value is right.</param>
    /// <param name="field">The field, as its user wrote it.</param>
    /// <param name="right">What would be right.</param>
    /// <param name="value">What it is.</param>
    /// <exception cref="EstimateException">It is not right.</exception>
    public static void Need(bool holds, string field, string right, double value)
    {
        if (!holds)
        {
            throw new EstimateException(field, $"{right} is right; it is {NumberText.Short(value)}.");
        }
    }
}
