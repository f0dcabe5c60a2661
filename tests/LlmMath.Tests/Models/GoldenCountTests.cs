namespace LlmMath.Tests.Models;

/// <summary>Exact: every catalog entry against the count that its evidence gives (golden-counts.tsv), to the last unit.</summary>
public class GoldenCountTests
{
    public static TheoryData<string, long, long, long, long?> Rows()
    {
        var rows = new TheoryData<string, long, long, long, long?>();
        using var reader = new StreamReader(typeof(GoldenCountTests).Assembly.GetManifestResourceStream("golden-counts.tsv")!);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split('\t');
            rows.Add(cells[0], long.Parse(cells[1]), long.Parse(cells[2]), long.Parse(cells[3]), cells[4].Length == 0 ? null : long.Parse(cells[4]));
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void CountsAreExact(string name, long parameters, long active, long routedExperts, long? multiTokenPrediction)
    {
        ModelDefinition model = ModelCatalog.Find(name);

        Assert.Equal(parameters, model.ParameterCount());
        Assert.Equal(active, model.ActiveParameterCount());
        // The totals were compiled into the entry: the fold at run time must give them again.
        Assert.Equal(parameters, model.Parameters().Total);
        Assert.Equal(active, model.Parameters().Active);
        Assert.Equal(model.ParameterCount(CountingConvention.HandEstimate), model.Parameters(CountingConvention.HandEstimate).Total);
        Assert.Equal(model.ActiveParameterCount(CountingConvention.HandEstimate), model.Parameters(CountingConvention.HandEstimate).Active);
        Assert.Equal(routedExperts, model.Parameters().Components.Where(c => c.Role == TensorRole.Expert).Sum(c => c.Parameters));
        if (multiTokenPrediction is { } expected)
        {
            Assert.Equal(expected, model.Architecture.Additions.Where(a => a.Name.Contains("prediction")).Sum(a => a.Parameters));
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void TheFoldAgreesWithTheEnumeratedTensors(string name, long parameters, long active, long routedExperts, long? multiTokenPrediction)
    {
        _ = (active, routedExperts, multiTokenPrediction);
        var names = new HashSet<string>(StringComparer.Ordinal);
        long sum = 0;
        foreach (CheckpointTensor tensor in ModelCatalog.Find(name).Architecture.EnumerateTensors())
        {
            Assert.True(names.Add(tensor.Name), $"{tensor.Name} is enumerated twice");
            Assert.DoesNotContain('{', tensor.Name);
            sum += tensor.Kind.TiedTo is null ? tensor.Elements : 0;
        }

        Assert.Equal(parameters, sum);
    }

    [Fact]
    public void EveryEntryHasAGoldenRow() =>
        Assert.Equal(ModelCatalog.Entries.Names.Order(StringComparer.Ordinal), Rows().Select(row => (string)row[0]).Order(StringComparer.Ordinal));
}
