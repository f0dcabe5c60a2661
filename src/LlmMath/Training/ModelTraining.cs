using LlmMath.Basics;
using LlmMath.Training.Memory;

namespace LlmMath.Training;

/// <summary>What it takes to train a model.</summary>
public static class ModelTraining
{
    /// <summary>What a run takes of a deployment whose engine is a trainer. Whether that fits, the estimate says; it is never
    /// thrown.</summary>
    /// <param name="deployment">The model, on which GPUs, by which trainer; the reference where none is named.</param>
    /// <param name="run">How it is trained.</param>
    /// <exception cref="ArgumentException">Deployment or run hold something that cannot be; the error names it.</exception>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The sizes exceed 2⁶³ − 1 bytes.</exception>
    public static TrainingEstimate Training(this Deployment deployment, TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(run);
        try
        {
            return new(new PlacedRun(deployment, run));
        }
        catch (OverflowException)
        {
            throw TooLarge.Of(nameof(run), $"what {deployment.Model.Name} takes in such a run",
                "give shorter or fewer sequences");
        }
    }
}
