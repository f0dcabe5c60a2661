using System.Globalization;
using LlmMath.Basics;
using LlmMath.Engines.Json;
using LlmMath.Interchange.Json;

namespace LlmMath;

/// <summary>Reads what was measured of engines.</summary>
internal static class EvidenceJson
{
    /// <summary>What an estimate may rest on, as the file says it, in the order of <see cref="Basis"/>.</summary>
    public static readonly Basis[] Bases = [Basis.Measured, Basis.KernelsMeasured, Basis.Interpolated, Basis.Extrapolated];

    /// <summary>Between kinds of layers.</summary>
    public const string And = " + ";

    /// <summary>Reads a file.</summary>
    /// <exception cref="DefinitionException">The file is malformed, or a field is missing, unknown or wrong. It names the
    /// field.</exception>
    public static ValueList<EngineEvidence> Read(ReadOnlySpan<byte> utf8)
    {
        var fields = new JsonFields(ModelJson.ReadRoot(utf8));
        ValueList<EngineEvidence> all = [.. fields.List("engines").Select(Engine)];
        fields.RejectOthers();
        return all;
    }

    private static EngineEvidence Engine(JsonFields fields)
    {
        JsonFields widths = fields.Fields("widths") ?? throw fields.Missing("widths", "an object with a width for each basis");
        var evidence = new EngineEvidence
        {
            Engine = fields.RequiredText("engine"),
            Sources = Count(fields, "sources"),
            SourceFactor = fields.Positive("source_factor") ?? 1,
            First = new double[Bases.Length],
            Inter = new double[Bases.Length],
            Seen = [.. fields.List("seen").SelectMany(Rows)],
            Drafted = Drafted(fields),
        };
        for (int i = 0; i < Bases.Length; i++)
        {
            (evidence.First[i], evidence.Inter[i]) = Width(widths, Words.Of(Bases[i]));
        }

        widths.RejectOthers();
        fields.RejectOthers();
        return evidence;
    }

    private static DraftedEvidence? Drafted(JsonFields all)
    {
        if (all.Fields("drafted") is not { } fields)
        {
            return null;
        }

        (double first, double inter) = Width(fields);
        var drafted = new DraftedEvidence(first, inter, [.. fields.List("seen").SelectMany(Rows)]);
        fields.RejectOthers();
        return drafted;
    }

    private static (double First, double Inter) Width(JsonFields all, string name)
    {
        JsonFields fields = all.Fields(name) ?? throw all.Missing(name, "an object with first_token and inter_token");
        (double, double) width = Width(fields);
        fields.RejectOthers();
        return width;
    }

    private static (double First, double Inter) Width(JsonFields fields) => (
        fields.Positive("first_token") ?? throw fields.Missing("first_token", "a number above 0"),
        fields.Positive("inter_token") ?? throw fields.Missing("inter_token", "a number above 0"));

    // "b200-sxm-180gb 134 1": the GPU, rows, sources.
    private static IEnumerable<SeenRows> Rows(JsonFields fields)
    {
        string weights = fields.RequiredText("weights");
        ValueList<string> layers = fields.Names("layers"), gpus = fields.Texts("gpus");
        fields.RejectOthers();
        for (int i = 0; i < gpus.Count; i++)
        {
            string[] parts = gpus[i].Split(' ');
            yield return parts.Length == 3 && Number(parts[1]) is { } rows && Number(parts[2]) is { } sources
                ? new SeenRows(parts[0], weights, layers, rows, sources)
                : throw fields.Wrong($"gpus[{i.ToString(CultureInfo.InvariantCulture)}]", "a GPU, rows and sources", gpus[i]);
        }
    }

    private static int Count(JsonFields fields, string name) =>
        EngineJson.Count(fields, name, 1) ?? throw fields.Missing(name, "a whole number");

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : null;
}
