using System.Globalization;
using System.Text;
using LlmMath.Engines;
using LlmMath.Testing;

namespace LlmMath.Tests.Documentation;

/// <summary>docs/catalog.md lists what the catalog holds, and README.md says how many; a page that differs is written anew to
/// docs/catalog.received.md.</summary>
public class CatalogPageTests
{
    private static readonly List<IGrouping<string, ModelDefinition>> s_families =
        [.. ModelCatalog.All.GroupBy(model => model.Architecture.Family).OrderBy(family => family.Key, StringComparer.Ordinal)];

    [Fact]
    public void ThePageListsWhatIsInTheCatalog()
    {
        string page = Page(), path = Path.Combine(Repository.Root, "docs", "catalog.md");
        string received = Path.ChangeExtension(path, "received.md");
        if (File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == page)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, page);
        Assert.Fail($"docs/catalog.md is not what the catalog holds. Read {received} and, if it is right, rename it.");
    }

    [Fact]
    public void TheReadmeSaysHowMany()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md")).ReplaceLineEndings(" ");
        Assert.Contains(Counts(), readme, StringComparison.Ordinal);
    }

    private static string Counts() => string.Create(CultureInfo.InvariantCulture,
        $"{ModelCatalog.All.Count} models of {s_families.Count} families, {GpuCatalog.All.Count} accelerators and "
        + $"{EngineCatalog.All.Count} engines");

    private static string Page()
    {
        var page = new StringBuilder("# The catalog\n\n");
        Line(page, $"{Counts()}. Each fact has its source in the entry's own file under `catalog/`.");
        Line(page, $"This page is generated: where it differs, `dotnet test` fails and writes it anew beside this one.");
        Line(page, $"\n## Models\n");
        Line(page, $"Parameters are those of the text decoder as the checkpoint stores it, \"active\" those that a token uses;");
        Line(page, $"a date of release stands where a source gives one.\n");
        Line(page, $"| family | model | parameters | active | context | released |\n|---|---|--:|--:|--:|---|");
        foreach (ModelDefinition model in s_families.SelectMany(family => family.OrderBy(m => m.Name, StringComparer.Ordinal)))
        {
            (long parameters, long active) = (model.ParameterCount(), model.ActiveParameterCount());
            string used = active == parameters ? "" : N(active), context = N(model.Architecture.ContextLength);
            FormattableString row =
                $"| {model.Architecture.Family} | {model.Name} | {parameters:N0} | {used} | {context} | {model.ReleaseDate} |";
            Line(page, row);
        }

        Line(page, $"\n## Accelerators\n");
        Line(page, $"Nothing stands where no source gave the figure.\n");
        Line(page, $"| vendor | accelerator | memory | GB/s |\n|---|---|--:|--:|");
        foreach (Gpu gpu in GpuCatalog.All.OrderBy(gpu => gpu.Vendor, StringComparer.Ordinal)
            .ThenBy(gpu => gpu.Name, StringComparer.Ordinal))
        {
            Line(page, $"| {gpu.Vendor} | {gpu.Name} | {gpu.Memory} | {gpu.BytesPerSecond / 1e9:#,0.##} |");
        }

        Line(page, $"\n## Engines\n");
        Line(page, $"`llmmath engines` lists which formats each loads.\n");
        Line(page, $"| engine | also found as | memory | rows of measured speed |\n|---|---|---|--:|");
        foreach (Engine engine in EngineCatalog.All)
        {
            string memory = engine.Memory is not { } known ? "not known" : known.IsMeasured ? "measured" : "guessed";
            string rows = N(engine.Speed?.Generations.Sum(generation => (long)generation.Rows));
            Line(page, $"| {engine.Name} | {string.Join(", ", engine.Aliases)} | {memory} | {rows} |");
        }

        return page.ToString();
    }

    private static string N(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? "";

    private static void Line(StringBuilder page, FormattableString line) =>
        page.Append(FormattableString.Invariant(line)).Append('\n');
}
