using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>What a format costs in quality, over what was measured of it.</summary>
/// <param name="Format">The format.</param>
/// <param name="Kind">What was measured.</param>
/// <param name="Low">The least loss that was measured.</param>
/// <param name="Median">The middle one.</param>
/// <param name="High">The largest.</param>
/// <param name="Rows">How many were measured.</param>
/// <param name="IsOfModel">Whether they are of the model that was asked about; where they are of others, its own loss is not
/// known: that of others is all there is.</param>
public sealed record FormatLoss(
    WeightFormat Format, LossKind Kind, double Low, double Median, double High, int Rows, bool IsOfModel)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(FormatLoss), PrintMembers);
}
