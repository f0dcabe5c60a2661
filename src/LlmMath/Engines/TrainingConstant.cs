using LlmMath.Basics;

namespace LlmMath.Engines;

/// <summary>A constant of a trainer's speed.</summary>
/// <param name="Name">Its name in <c>catalog/trainers</c>.</param>
/// <param name="Neutral">Its value where it costs nothing.</param>
public sealed record TrainingConstant(string Name, double Neutral)
{
    /// <summary>Every constant, in the order of a generation's values.</summary>
    public static ValueList<TrainingConstant> All { get; } =
    [
        new("matrix_efficiency", 1), new("float8_efficiency", 1), new("float4_efficiency", 1), new("expert_factor", 1),
        new("half_width", 0), new("attention_efficiency", 1), new("layer_us", 0), new("gather_share", 0),
        new("tensor_share", 0), new("expert_share", 0), new("unpacking", 0), new(OfMixtures, 0),
    ];

    /// <summary>The constant that layers with experts have beside the others'.</summary>
    internal const string OfMixtures = "mixture_us";

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(TrainingConstant), PrintMembers);
}

/// <summary>What a trainer reaches on one generation of hardware.</summary>
public sealed record TrainingGeneration
{
    /// <summary>The generation, as a GPU names it: <c>Hopper</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>Measured rows that it was fitted on.</summary>
    public int Rows { get; init; }

    /// <summary>How many of them are over quantized weights: without any, unpacking is of another generation.</summary>
    public int QuantizedRows { get; init; }

    /// <summary>What these rows are.</summary>
    public required string FittedOn { get; init; }

    /// <summary>Measured ÷ estimated times of rows left out, of models without experts: the 10th percentile, and the
    /// 90th.</summary>
    public Spread Step { get; init; } = new(1, 1);

    /// <summary>The same of models with experts.</summary>
    public Spread MixtureStep { get; init; } = new(1, 1);

    /// <summary>The values, in the order of <see cref="TrainingConstant.All"/>.</summary>
    public required ValueList<double> Values { get; init; }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(TrainingGeneration), PrintMembers);
}
