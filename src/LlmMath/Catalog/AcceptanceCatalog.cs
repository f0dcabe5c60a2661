namespace LlmMath;

/// <summary>What is known of how many drafted tokens models accept.</summary>
internal static class AcceptanceCatalog
{
    private static readonly Lazy<DraftAcceptance> s_all = new(static () =>
        AcceptanceJson.Read(Resource.Read("speculation/acceptance.json")));

    /// <summary>All of it.</summary>
    public static DraftAcceptance All => s_all.Value;
}
