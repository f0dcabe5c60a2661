namespace LlmMath;

/// <summary>What was measured of the catalog's engines.</summary>
internal static class EvidenceCatalog
{
    private static readonly Lazy<ValueList<EngineEvidence>> s_all = new(static () =>
        EvidenceJson.Read(Resource.Read("seen/engines.json")));

    /// <summary>Of every engine that was.</summary>
    public static ValueList<EngineEvidence> All => s_all.Value;

    /// <summary>Of an engine by its name; null where the catalog knows nothing of its rows, as of one from a file.</summary>
    public static EngineEvidence? Of(string engine)
    {
        foreach (EngineEvidence evidence in All)
        {
            if (evidence.Engine == engine)
            {
                return evidence;
            }
        }

        return null;
    }
}
