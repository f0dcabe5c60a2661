namespace LlmMath.Tests.Models;

/// <summary>Exact: every catalog entry against the count that its evidence gives (golden-counts.tsv), to the last unit.</summary>
public class GoldenCountTests
{
    /// <summary>Name, parameters, and, where the evidence gives them, active parameters, those of routed experts and of
    /// prediction blocks.</summary>
    public static TheoryData<string, long, long?, long?, long?> Rows()
    {
        var rows = new TheoryData<string, long, long?, long?, long?>();
        using var reader = new StreamReader(typeof(GoldenCountTests).Assembly.GetManifestResourceStream("golden-counts.tsv")!);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split('\t');
            rows.Add(cells[0], long.Parse(cells[1]), Number(cells[2]), Number(cells[3]), Number(cells[4]));
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void CountsAreExact(string name, long parameters, long? active, long? routedExperts, long? multiTokenPrediction)
    {
        ModelDefinition model = ModelCatalog.Find(name);

        Assert.Equal(parameters, model.ParameterCount());
        Assert.Equal(active ?? model.ActiveParameterCount(), model.ActiveParameterCount());
        // The totals were compiled into the entry: the fold at run time must give them again.
        Assert.Equal(parameters, model.Parameters().Total);
        Assert.Equal(model.ActiveParameterCount(), model.Parameters().Active);
        ParameterBreakdown onPaper = model.Parameters(CountingConvention.HandEstimate);
        Assert.Equal(model.ParameterCount(CountingConvention.HandEstimate), onPaper.Total);
        Assert.Equal(model.ActiveParameterCount(CountingConvention.HandEstimate), onPaper.Active);
        long experts = model.Parameters().Components.Where(c => c.Role == TensorRole.Expert).Sum(c => c.Parameters);
        Assert.Equal(routedExperts ?? experts, experts);
        if (multiTokenPrediction is { } expected)
        {
            Assert.Equal(expected, model.Architecture.Additions.Where(a => a.Name.Contains("prediction")).Sum(a => a.Parameters));
        }
    }

    public static TheoryData<string> Enumerated() => [.. LargeModels.OneOfEachSetOfNames];

    [Theory]
    [MemberData(nameof(Enumerated))]
    public void TheFoldAgreesWithTheEnumeratedTensors(string name)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        long sum = 0;
        foreach (CheckpointTensor tensor in ModelCatalog.Find(name).Architecture.EnumerateTensors())
        {
            // The millions of names, without an assertion's own cost.
            if (!names.Add(tensor.Name) || tensor.Name.Contains('{'))
            {
                Assert.Fail($"{tensor.Name} is enumerated twice, or not filled in");
            }

            sum += tensor.Kind.TiedTo is null ? tensor.Elements : 0;
        }

        Assert.Equal(ModelCatalog.Find(name).ParameterCount(), sum);
    }

    [Fact]
    public void EveryEntryHasAGoldenRow() =>
        Assert.Equal(ModelCatalog.Entries.Names.Order(StringComparer.Ordinal),
            Rows().Select(row => (string)row[0]).Order(StringComparer.Ordinal));

    private static long? Number(string cell) => cell.Length == 0 ? null : long.Parse(cell);
}
