using System.Globalization;

namespace LlmMath.Memory;

/// <summary>Errors for sizes that exceed 2⁶³ − 1 bytes, where checked arithmetic overflowed: they name the argument that is too
/// much.</summary>
internal static class TooLarge
{
    /// <summary>The error of an estimate.</summary>
    /// <param name="model">The model.</param>
    /// <param name="setup">What was asked, already found to be in range.</param>
    public static ArgumentOutOfRangeException Of(ModelDefinition model, in InferenceSetup setup)
    {
        InferenceSetup one = setup with { Batch = 1, Context = 1, PromptTokens = null, EncoderTokens = 0, Additions = null };
        if (InferenceFold.TrySum(model, one with { Parallelism = new() }) is null)
        {
            return Of("model", $"{model.Name}: alone in {setup.Weights} it", "it has sizes that no model has");
        }

        // The first that, made small alone, leaves a size.
        foreach ((string name, long value, InferenceSetup less) in new[]
        {
            (nameof(setup.Context), setup.Context, setup with { Context = 1, PromptTokens = null }),
            (nameof(setup.Batch), setup.Batch, setup with { Batch = 1 }),
            (nameof(setup.EncoderTokens), setup.EncoderTokens, setup with { EncoderTokens = 0 }),
            (nameof(setup.Parallelism), setup.Parallelism.Gpus, setup with { Parallelism = new() }),
        })
        {
            if (InferenceFold.TrySum(model, less) is not null)
            {
                string number = value.ToString("N0", CultureInfo.InvariantCulture);
                return Of(nameof(setup), $"{name}: with {number}, {model.Name} in {setup.Weights}", "give less");
            }
        }

        return Of(nameof(setup), $"Batch: with its context and additions, {model.Name} in {setup.Weights}", "give less of each");
    }

    /// <summary>The error of one size.</summary>
    /// <param name="argument">The argument's name.</param>
    /// <param name="what">What would be too large, as the subject of the sentence.</param>
    /// <param name="remedy">What would be right.</param>
    public static ArgumentOutOfRangeException Of(string argument, string what, string remedy = "give less") =>
        new(argument, $"{what} would exceed 2^63 - 1 bytes: {remedy}.");
}
