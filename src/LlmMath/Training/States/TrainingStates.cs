using LlmMath.Basics;

namespace LlmMath.Training;

/// <summary>What one GPU holds of the state of a run: parameters, gradients, and what the optimizer works on.</summary>
/// <param name="Parameters">Parameters that are trained.</param>
/// <param name="Gradients">Their gradients.</param>
/// <param name="Copies">The optimizer's copies of parameters and gradients.</param>
/// <param name="Moments">The optimizer's moments.</param>
public readonly record struct TrainingStates(ByteSize Parameters, ByteSize Gradients, ByteSize Copies, ByteSize Moments)
{
    /// <summary>The sum.</summary>
    /// <exception cref="EstimateException">It exceeds 2⁶³ − 1 bytes.</exception>
    public ByteSize Total => Parameters + Gradients + Copies + Moments;

    /// <summary>The state of a number of parameters: ZeRO 1 divides copies and moments by the degree, ZeRO 2 the gradients too,
    /// ZeRO 3 the parameters too, each rounded up. Source: Rajbhandari et al., arXiv:1910.02054, figure 1; Megatron's distributed
    /// optimizer is ZeRO 1.</summary>
    /// <param name="parameters">Parameters, 0 or more.</param>
    /// <param name="recipe">Their number formats.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="sharding">What is shared out.</param>
    /// <param name="degree">Replicas among which it is, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range, or a size exceeds 2⁶³ − 1 bytes.</exception>
    public static TrainingStates Of(long parameters, StateRecipe recipe, Optimizer optimizer,
        Sharding sharding = Sharding.None, int degree = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(parameters);
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degree);
        try
        {
            return Of(parameters, optimizer.Bytes(parameters, recipe.MomentBytes), recipe, sharding, degree);
        }
        catch (OverflowException)
        {
            throw TooLarge.Of(nameof(parameters), "the state of so many parameters");
        }
    }

    /// <summary>The same with the moments as the optimizer has them of each tensor.</summary>
    internal static TrainingStates Of(long parameters, long moments, StateRecipe recipe, Sharding sharding, int degree)
    {
        long Share(long bytes, Sharding from) => sharding >= from ? bytes / degree + (bytes % degree == 0 ? 0 : 1) : bytes;
        return checked(new(
            new(Share(parameters * recipe.ParameterBytes, Sharding.Zero3)),
            new(Share(parameters * recipe.GradientBytes, Sharding.Zero2)),
            new(Share(parameters * (recipe.MasterBytes + recipe.MainGradientBytes), Sharding.Zero1)),
            new(Share(moments, Sharding.Zero1))));
    }

    /// <summary>The state of both.</summary>
    internal TrainingStates Plus(in TrainingStates other) => new(Parameters + other.Parameters, Gradients + other.Gradients,
        Copies + other.Copies, Moments + other.Moments);

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(TrainingStates), PrintMembers);
}
