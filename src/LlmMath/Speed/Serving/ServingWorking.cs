using LlmMath.Speed.Pass;

namespace LlmMath.Speed.Serving;

/// <summary>Where the working of serving is written while it is reckoned: the passes that it is made of, and what is made of
/// them.</summary>
internal sealed class ServingWorking
{
    private readonly List<(string Pass, PassParts Parts, double Seconds)> _passes = [];
    private readonly List<SpeedLine> _lines = [];

    /// <summary>The passes, each with its parts.</summary>
    public IReadOnlyList<(string Pass, PassParts Parts, double Seconds)> Passes => _passes;

    /// <summary>What is made of them.</summary>
    public IReadOnlyList<SpeedLine> Lines => _lines;

    /// <summary>Adds a pass.</summary>
    public void Add(string pass, PassParts parts, double seconds) => _passes.Add((pass, parts, seconds));

    /// <summary>Adds a line.</summary>
    public void Add(string term, FormattableString formula, double seconds) =>
        _lines.Add(new(term, FormattableString.Invariant(formula), seconds));
}
