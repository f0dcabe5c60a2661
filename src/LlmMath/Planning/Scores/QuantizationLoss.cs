using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>What a format cost a model in quality, as somebody measured it.</summary>
/// <param name="Model">The model, as the source names it.</param>
/// <param name="Entry">The entry of <c>ModelCatalog</c> that it is; null where it is none.</param>
/// <param name="Format">The format, by its name in <c>WeightFormat</c>.</param>
/// <param name="Kind">What was measured.</param>
/// <param name="Metric">How: <c>perplexity wikitext2 (2048)</c>.</param>
/// <param name="Value">With quantized weights.</param>
/// <param name="Baseline">With the weights as they were; 0 of a divergence.</param>
/// <param name="Scheme">How the source calls the scheme, where it is more than the format's name; or null.</param>
/// <param name="Source">Where it was read.</param>
public sealed record QuantizationLoss(string Model, string? Entry, string Format, LossKind Kind, string Metric, double Value,
    double Baseline, string? Scheme, Citation Source)
{
    /// <summary>The loss: of perplexity value ÷ baseline − 1, of accuracy 1 − value ÷ baseline, of a divergence itself. Below 0
    /// where it was better than before.</summary>
    public double Loss => Kind switch
    {
        LossKind.Perplexity => (Value / Baseline) - 1,
        LossKind.Accuracy => 1 - (Value / Baseline),
        _ => Value,
    };

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(QuantizationLoss), PrintMembers);
}

/// <summary>What a loss was measured as.</summary>
public enum LossKind
{
    /// <summary>How surprised the model is by a text: lower is better.</summary>
    Perplexity,

    /// <summary>The share of questions that it answers rightly.</summary>
    Accuracy,

    /// <summary>How far its next words' chances are from those before: the mean Kullback-Leibler divergence.</summary>
    Divergence,
}
