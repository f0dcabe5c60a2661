using LlmMath.Basics;

namespace LlmMath;

/// <summary>How a count that stands beside a definition came about.</summary>
public enum EvidenceKind
{
    /// <summary>Somebody published it: a model hub, a paper, a tool's output on the checkpoint.</summary>
    Published,

    /// <summary>It was counted tensor by tensor from the reference implementation, apart from this library.</summary>
    Recomputed,
}

/// <summary>A parameter count that came from outside this library; the build fails where it contradicts the one made
/// here.</summary>
/// <param name="Kind">How it came about.</param>
/// <param name="Parameters">The number as it was given.</param>
/// <param name="Source">Where it was read: URL, or repository, file and commit.</param>
public sealed record Evidence(EvidenceKind Kind, long Parameters, string Source)
{
    /// <summary>Parameters that one token uses, where the source gives them.</summary>
    public long? ActiveParameters { get; init; }

    /// <summary>What the number holds beyond (or, negative, leaves out of) the count made here; empty where they are
    /// equal.</summary>
    public ValueList<Difference> Beyond { get; init; } = [];

    /// <summary>The number less its differences: what the count made here must be.</summary>
    /// <exception cref="EstimateException">The sum is outside 64 bits.</exception>
    public long Decoder
    {
        get
        {
            try
            {
                long count = Parameters;
                foreach (Difference difference in Beyond)
                {
                    count = checked(count - difference.Parameters);
                }

                return count;
            }
            catch (OverflowException error)
            {
                throw new EstimateException(nameof(Beyond), $"takes {NumberText.N(Parameters)} parameters beyond 64 bits.",
                    "A number in it is too large.", error);
            }
        }
    }
}

/// <summary>A named difference between a published count and the one made here.</summary>
/// <param name="What">What it is: <c>vision tower and projector</c>; <c>unexplained</c> where nobody knows.</param>
/// <param name="Parameters">Elements; negative where the published number leaves something out.</param>
public sealed record Difference(string What, long Parameters)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(Difference), PrintMembers);
}
