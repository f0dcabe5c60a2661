namespace LlmMath.Cli.Output;

/// <summary>What may have been meant by a misspelt name.</summary>
internal static class Suggestion
{
    /// <summary>A sentence that lists the nearest of some names, with a space before it; empty where none is near.</summary>
    public static string For(string name, IEnumerable<string> names) => Of(
        new Catalog<string>([.. names.Select(other => new CatalogEntry<string>(other, other, () => other))]).Nearest(name));

    /// <summary>The same for names that were found already.</summary>
    public static string Of(IReadOnlyList<string> nearest) =>
        nearest.Count == 0 ? "" : $" Nearest: {string.Join(", ", nearest)}.";
}
