using System.Globalization;
using LlmMath.Engines.Kernels;
using LlmMath.Interchange.Json;

namespace LlmMath.Engines.Json;

/// <summary>Reads a file of what kernels reach.</summary>
internal static class KernelJson
{
    private static readonly (string Word, KernelOperator Kind)[] s_operators =
    [
        ("product", KernelOperator.Product), ("rounding", KernelOperator.Rounding),
        ("prefill", KernelOperator.Prefill), ("decode", KernelOperator.Decode),
        ("prefill_latent", KernelOperator.PrefillLatent), ("decode_latent", KernelOperator.DecodeLatent),
        ("prefill_sparse", KernelOperator.PrefillSparse), ("decode_sparse", KernelOperator.DecodeSparse),
        ("prefill_recurrent", KernelOperator.PrefillRecurrent), ("decode_recurrent", KernelOperator.DecodeRecurrent),
        ("experts", KernelOperator.Experts), ("streams", KernelOperator.Streams), ("all_reduce", KernelOperator.AllReduce),
        ("all_gather", KernelOperator.AllGather), ("reduce_scatter", KernelOperator.ReduceScatter),
        ("all_to_all", KernelOperator.AllToAll),
    ];

    /// <summary>The word of an operator in files.</summary>
    public static string Word(KernelOperator kind) => s_operators.First(o => o.Kind == kind).Word;

    /// <summary>Reads a file.</summary>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="name">The file's name, without its ending.</param>
    /// <exception cref="DefinitionException">The file is malformed, or a field is missing, unknown or wrong. It names the
    /// field;
    /// the caller adds the file.</exception>
    public static KernelFile Read(ReadOnlySpan<byte> utf8, string name)
    {
        var fields = new JsonFields(ModelJson.ReadRoot(utf8));
        fields.Text("$schema");
        var file = new KernelFile
        {
            Name = name,
            Capability = fields.RequiredText("capability"),
            Architectures = fields.Texts("architectures"),
            Profiles = [.. fields.List("profiles").Select(Profile)],
        };
        fields.Texts("sources");
        fields.Text("note");
        fields.RejectOthers();
        return file;
    }

    private static KernelProfile Profile(JsonFields fields)
    {
        string word = fields.RequiredText("operator");
        if (s_operators.All(o => o.Word != word))
        {
            throw fields.Wrong("operator", "one of " + string.Join(", ", s_operators.Select(o => o.Word)), word);
        }

        KernelOperator kind = s_operators.First(o => o.Word == word).Kind;
        ValueList<KernelAxis> axes = KernelAxis.Of(kind);
        var profile = new KernelProfile
        {
            Operator = kind,
            Variant = fields.RequiredText("variant"),
            Gpu = fields.RequiredText("gpu"),
            Engine = fields.RequiredText("engine"),
            Kernels = fields.Texts("kernels"),
            Releases = fields.Texts("releases"),
            Rows = EngineJson.Count(fields, "rows", 1) ?? throw fields.Missing("rows", "a whole number"),
            Shapes = EngineJson.Count(fields, "shapes", 1) ?? throw fields.Missing("shapes", "a whole number"),
            MedianError = (fields.NotNegative("median_error_percent") ?? 0) / 100,
            HighError = (fields.NotNegative("p90_error_percent") ?? 0) / 100,
            Form = Form(fields, axes),
            Corrections = Corrections(fields, axes),
        };
        fields.RejectOthers();
        return profile;
    }

    private static KernelForm Form(JsonFields fields, ValueList<KernelAxis> axes) => new()
    {
        Launch = (fields.NotNegative("launch_us") ?? 0) * 1e-6,
        Bandwidth = fields.Positive("bandwidth_share") ?? 1,
        Compute = fields.Positive("compute_share") ?? 1,
        HalfRead = Sizes(fields, "half_read", axes),
        HalfRate = Sizes(fields, "half_rate", axes),
        Step = (fields.NotNegative("step_ns") ?? 0) * 1e-9,
        StepPower = Sizes(fields, "step_power", axes),
        Sharpness = fields.Positive("sharpness") is not { } p ? 2
            : p >= 1 ? p : throw fields.Wrong("sharpness", "1 or more", p),
    };

    private static ValueList<double> Sizes(JsonFields fields, string name, ValueList<KernelAxis> axes)
    {
        double[] sizes = new double[4];
        if (fields.Fields(name) is { } given)
        {
            for (int i = 0; i < axes.Count; i++)
            {
                sizes[i] = given.NotNegative(axes[i].Name) ?? 0;
            }

            given.RejectOthers();
        }

        return [.. sizes];
    }

    private static ValueList<int> Corrections(JsonFields fields, ValueList<KernelAxis> axes)
    {
        if (fields.Text("corrections") is not { } text)
        {
            return [];
        }

        int knots = axes.Aggregate(1, (all, axis) => all * axis.Knots.Count);
        return CorrectionText.Read(text) is { } numbers && numbers.Count == knots
            ? [.. numbers]
            : throw fields.Wrong("corrections", string.Format(CultureInfo.InvariantCulture,
                "{0} numbers of -300 to 300, each one character or, between spaces, digits", knots), text.Length);
    }
}
