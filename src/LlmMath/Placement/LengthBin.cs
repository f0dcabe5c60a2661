using LlmMath.Basics;

namespace LlmMath;

/// <summary>A share of requests that have so many tokens.</summary>
/// <param name="Tokens">Tokens, 1 or more.</param>
/// <param name="Share">The share of requests, 0 to 1.</param>
public readonly record struct LengthBin(double Tokens, double Share)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(LengthBin), PrintMembers);
}
