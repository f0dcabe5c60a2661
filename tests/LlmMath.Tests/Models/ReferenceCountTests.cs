using System.Text;

namespace LlmMath.Tests.Models;

/// <summary>Exact: configs of families that no catalog entry shows, or of a side of one that none switches on, against the sum
/// over the shapes of the reference implementation's modules, made apart from this library (reference-counts.tsv).</summary>
public class ReferenceCountTests
{
    /// <summary>Config, parameters, active parameters.</summary>
    public static TheoryData<string, long, long> Rows()
    {
        var rows = new TheoryData<string, long, long>();
        using var reader = new StreamReader(
            typeof(ReferenceCountTests).Assembly.GetManifestResourceStream("reference-counts.tsv")!);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split('\t');
            Assert.NotEmpty(cells[3]);
            rows.Add(cells[0], long.Parse(cells[1]), long.Parse(cells[2]));
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void CountsAreTheReferences(string config, long parameters, long active)
    {
        ModelDefinition model = HuggingFaceConfig.Read(new MemoryStream(Encoding.UTF8.GetBytes(config)));
        Assert.Equal(parameters, model.ParameterCount());
        Assert.Equal(active, model.ActiveParameterCount());
    }
}
