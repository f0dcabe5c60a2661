using System.Text;
using LlmMath.Testing;

namespace LlmMath.Tests.Documentation;

/// <summary>README.md's table of the catalog is what the catalog holds.</summary>
public class CatalogTableTests
{
    [Fact]
    public void TheReadmeListsWhatIsInTheCatalog()
    {
        string table = Table();
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md")).ReplaceLineEndings("\n");
        Assert.True(readme.Contains(table, StringComparison.Ordinal), "README.md, \"What is in the catalog\", must hold:\n" + table);
    }

    private static string Table()
    {
        ValueList<ModelDefinition> models = ModelCatalog.All;
        var families = models.GroupBy(m => m.Architecture.Family).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        var table = new StringBuilder();
        table.Append($"{models.Count} models of {families.Count} families:\n\n| family | models |\n|---|---|\n");
        foreach (IGrouping<string, ModelDefinition> family in families)
        {
            table.Append($"| {family.Key} | {string.Join(", ", family.Select(m => m.Name).Order(StringComparer.Ordinal))} |\n");
        }

        ValueList<Gpu> gpus = GpuCatalog.All;
        table.Append($"\n{gpus.Count} accelerators:\n\n| vendor | accelerators |\n|---|---|\n");
        foreach (IGrouping<string, Gpu> vendor in gpus.GroupBy(g => g.Vendor).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            table.Append($"| {vendor.Key} | {string.Join(", ", vendor.Select(g => g.Name).Order(StringComparer.Ordinal))} |\n");
        }

        return table.ToString();
    }
}
