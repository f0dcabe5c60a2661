using System.Text;
using LlmMath.Models.Families;

namespace LlmMath.Tests.Models;

/// <summary>
/// Every <c>model_type</c> of transformers' causal mapping, and others that engines know, is counted or refused by name with the
/// reason. causal-lm-types.tsv: the keys of <c>MODEL_FOR_CAUSAL_LM_MAPPING_NAMES</c> in huggingface/transformers,
/// src/transformers/models/auto/modeling_auto.py (mapping yes; 2026-11), and types outside of it, each with its reference.
/// </summary>
public class CausalTypeTests
{
    public static TheoryData<string, bool> Types()
    {
        var types = new TheoryData<string, bool>();
        using var reader = new StreamReader(typeof(CausalTypeTests).Assembly.GetManifestResourceStream("causal-lm-types.tsv")!);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split('\t');
            types.Add(cells[0], cells[1] == "yes");
        }

        return types;
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void ATypeIsCountedOrRefusedWithTheReason(string type, bool isMapped)
    {
        _ = isMapped;
        if (ModelFamily.Known.Contains(type))
        {
            return;
        }

        string? reason = RefusedFamilies.Reason(type);
        Assert.NotNull(reason);
        var error = Assert.Throws<DefinitionException>(() => HuggingFaceConfig.Read(
            new MemoryStream(Encoding.UTF8.GetBytes($$"""{"model_type":"{{type}}"}"""))));
        Assert.Equal(DefinitionFault.UnknownFamily, error.Fault);
        Assert.Equal($"config.json: model_type: \"{type}\" is not counted: it {reason}.", error.Message);
    }

    [Fact]
    public void MostOf_TheMappingIsCounted()
    {
        string[] mapped = [.. Types().Where(row => (bool)row[1]).Select(row => (string)row[0])];
        Assert.Equal(176, mapped.Length);
        Assert.InRange(mapped.Count(ModelFamily.Known.Contains), 138, 176);
    }
}
