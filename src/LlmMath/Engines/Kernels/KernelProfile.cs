namespace LlmMath.Engines.Kernels;

/// <summary>What the kernels of an operator reach on a GPU, and the timings on which that rests.</summary>
internal sealed record KernelProfile
{
    /// <summary>What they do.</summary>
    public required KernelOperator Operator { get; init; }

    /// <summary>What tells its kernels apart: the format of weights or cache, the kind of recurrence.</summary>
    public required string Variant { get; init; }

    /// <summary>The GPU that was timed: <c>h100-sxm-80gb</c>.</summary>
    public required string Gpu { get; init; }

    /// <summary>The engine whose kernels they are: <c>vllm</c>; <c>any</c> where engines call the same.</summary>
    public required string Engine { get; init; }

    /// <summary>Names of the kernels, as the timings give them.</summary>
    public ValueList<string> Kernels { get; init; } = [];

    /// <summary>Engines and releases that were timed: <c>vllm 0.24.0</c>.</summary>
    public ValueList<string> Releases { get; init; } = [];

    /// <summary>Timings on which the constants rest.</summary>
    public required int Rows { get; init; }

    /// <summary>Different shapes among them.</summary>
    public required int Shapes { get; init; }

    /// <summary>Median of |estimate ÷ timing − 1| over timings of shapes that a fit had not seen; 0.06 is 6 %.</summary>
    public double MedianError { get; init; }

    /// <summary>90th percentile of the same.</summary>
    public double HighError { get; init; }

    /// <summary>The form's constants.</summary>
    public required KernelForm Form { get; init; }

    /// <summary>Corrections of the form at the axes' knots, the last axis fastest, in hundredths of a natural logarithm; none
    /// where the form needs none.</summary>
    public ValueList<int> Corrections { get; init; } = [];
}

/// <summary>What is known of the kernels of GPUs alike.</summary>
internal sealed record KernelFile
{
    /// <summary>The file's name: <c>hopper</c>.</summary>
    public required string Name { get; init; }

    /// <summary>CUDA compute capabilities, or what the vendor has instead.</summary>
    public required string Capability { get; init; }

    /// <summary>Generations, as GPUs of the catalog name theirs, that have these kernels or run most like them.</summary>
    public ValueList<string> Architectures { get; init; } = [];

    /// <summary>The profiles.</summary>
    public ValueList<KernelProfile> Profiles { get; init; } = [];
}
