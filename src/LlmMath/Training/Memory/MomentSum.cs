namespace LlmMath.Training.Memory;

/// <summary>What one GPU of a stage holds at a moment, by part, in bytes.</summary>
internal readonly record struct MomentSum(TrainingMoment Moment, int Stage)
{
    public long Weights { get; init; }

    public long Parameters { get; init; }

    public long Gradients { get; init; }

    public long Copies { get; init; }

    public long Moments { get; init; }

    public long PassCopies { get; init; }

    public long Activations { get; init; }

    public long Logits { get; init; }

    public long Gathered { get; init; }

    public long Temporaries { get; init; }

    public long Workspace { get; init; }

    public RoleBytes Beside { get; init; }

    /// <summary>The sum of the parts.</summary>
    /// <exception cref="OverflowException">It exceeds 2⁶³ − 1.</exception>
    public long Total => checked(Weights + Parameters + Gradients + Copies + Moments + PassCopies + Activations + Logits
        + Gathered + Temporaries + Workspace + Beside.Total);

    /// <summary>The fuller of two; the first where they are equal.</summary>
    public static MomentSum Fuller(in MomentSum a, in MomentSum b) => b.Total > a.Total ? b : a;
}
