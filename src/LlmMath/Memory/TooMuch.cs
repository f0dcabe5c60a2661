using LlmMath.Basics;
using LlmMath.Placement;
using static LlmMath.Basics.NumberText;

namespace LlmMath.Memory;

/// <summary>The error of an estimate that exceeds 2⁶³ − 1 bytes: it names what is too much.</summary>
internal static class TooMuch
{
    /// <summary>The error.</summary>
    /// <param name="deployment">The deployment, already found to be in range.</param>
    /// <param name="load">The sequences, likewise.</param>
    public static ArgumentOutOfRangeException Of(Deployment deployment, in SequenceLoad load)
    {
        ModelDefinition model = deployment.Model;
        Deployment alone = deployment with { Placement = new(), Additions = [] };
        if (InferenceFold.TrySum(alone, new(1, 1, 1, 0)) is null)
        {
            return TooLarge.Of("model", $"{model.Name}: alone in {deployment.Weights} it", "it has sizes that no model has");
        }

        // The first that, made small alone, leaves a size.
        foreach ((string argument, string name, long value, Deployment on, SequenceLoad less) in new[]
        {
            ("workload", "Context", load.Context, deployment, load with { Context = 1, Prompt = 1 }),
            ("workload", "Requests", load.Requests, deployment, load with { Requests = 1 }),
            ("workload", "EncoderTokens", load.EncoderTokens, deployment, load with { EncoderTokens = 0 }),
            ("deployment", "Placement", deployment.Placement.Gpus, deployment with { Placement = new() }, load),
        })
        {
            if (InferenceFold.TrySum(on, less) is not null)
            {
                return TooLarge.Of(argument, $"{name}: with {N(value)}, {model.Name} in {deployment.Weights}");
            }
        }

        return TooLarge.Of("workload", $"Requests: with its context and additions, {model.Name} in {deployment.Weights}",
            "give less of each");
    }
}
