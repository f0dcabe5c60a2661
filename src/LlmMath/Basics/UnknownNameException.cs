using LlmMath.Basics;

namespace LlmMath;

/// <summary>A name that is not known; lists the nearest.</summary>
public sealed class UnknownNameException : ArgumentException
{
    private const int MostListed = 60;

    /// <summary>The error of a name that is none of <paramref name="known"/>; where none is near, a short list is given
    /// whole.</summary>
    internal UnknownNameException(string name, string problem, string plural, IReadOnlyCollection<string> known)
        : this(name, problem, EditDistance.Nearest(name, known),
            known.Count <= MostListed ? $" {plural}: {string.Join(", ", known)}." : "")
    {
    }

    /// <summary>The error of a name whose nearest were found already.</summary>
    internal UnknownNameException(string name, string problem, IReadOnlyList<string> nearest)
        : this(name, problem, nearest, "")
    {
    }

    private UnknownNameException(string name, string problem, IReadOnlyList<string> nearest, string otherwise)
        : base($"{NumberText.Quoted(name)} {problem}."
            + (nearest.Count == 0 ? otherwise : $" Nearest: {string.Join(", ", nearest)}.")) =>
        (Name, Nearest) = (name, nearest);

    /// <summary>The name that was asked for.</summary>
    public string Name { get; }

    /// <summary>The nearest names, the nearest first, at most five.</summary>
    public IReadOnlyList<string> Nearest { get; }
}
