namespace LlmMath;

/// <summary>What was measured of an engine: catalog/seen, which src/LlmMath.Calibration writes.</summary>
internal sealed class EngineEvidence
{
    /// <summary>The engine, as the catalog names it.</summary>
    public required string Engine { get; init; }

    /// <summary>Whoever published its rows, 1 or more.</summary>
    public required int Sources { get; init; }

    /// <summary>How many times wider, as an exponent of its factors, a range is because all rows are of one source; 1 where they
    /// are not.</summary>
    public required double SourceFactor { get; init; }

    /// <summary>How wide ranges of the time to the first token are, by what an estimate rests on, the best first: exponents of
    /// the factors of a generation's range, above 0, which eight of ten rows that a fit had not seen ask for.</summary>
    public required double[] First { get; init; }

    /// <summary>The same of the time between tokens.</summary>
    public required double[] Inter { get; init; }

    /// <summary>The combinations that were measured.</summary>
    public required ValueList<SeenRows> Seen { get; init; }

    /// <summary>What was measured where tokens are drafted; null where neither this engine nor one like it was.</summary>
    public DraftedEvidence? Drafted { get; init; }
}

/// <summary>What was measured of servers that draft tokens.</summary>
/// <param name="first">How wide ranges of the time to the first token are at the least, as exponents.</param>
/// <param name="inter">The same of the time between tokens.</param>
/// <param name="seen">The combinations that were measured so: none where it is other engines'.</param>
internal sealed class DraftedEvidence(double first, double inter, ValueList<SeenRows> seen)
{
    public double First => first;

    public double Inter => inter;

    public ValueList<SeenRows> Seen => seen;
}

/// <summary>Rows of one combination.</summary>
/// <param name="gpu">The GPU, as the catalog names it.</param>
/// <param name="weights">How most weights are stored.</param>
/// <param name="layers">The kinds of layers, in order: see <c>ModelTraits</c>.</param>
/// <param name="rows">How many rows, 1 or more.</param>
/// <param name="sources">Of how many sources, 1 or more.</param>
internal sealed class SeenRows(string gpu, string weights, ValueList<string> layers, int rows, int sources)
{
    public string Gpu => gpu;

    public string Weights => weights;

    public ValueList<string> Layers => layers;

    public int Rows => rows;

    public int Sources => sources;
}
