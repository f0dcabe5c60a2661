using LlmMath.Interchange;
using LlmMath.Interchange.Json;

namespace LlmMath.Engines.Json;

/// <summary>An engine file that was calibrated: the engine of the catalog that it is based on, a fingerprint of that profile, and
/// the rows.</summary>
internal static class OwnTimeJson
{
    /// <summary>Rows that a file may have: each costs as much again as all before it.</summary>
    public const int MostRows = 500;

    // In the order of MeasuredTime.
    private static readonly string[] s_words = ["prompt", "first_token", "between_tokens"];

    /// <summary>What a time is called in the file.</summary>
    public static string WordOf(MeasuredTime time) => s_words[(int)time];

    /// <summary>Reads such a file; null where it is an engine's own file.</summary>
    /// <param name="root">The file's object.</param>
    /// <param name="engineOf">The engine of a name and, if one is named, a release; null where there is none.</param>
    /// <exception cref="DefinitionException">A field is missing, unknown or wrong, or the profile is another by now.</exception>
    public static Engine? Read(ModelConfig root, Func<string, string?, Engine?> engineOf)
    {
        if (root["based_on"] is null)
        {
            return null;
        }

        var fields = new JsonFields(root);
        fields.Text("$schema");
        string name = fields.RequiredText("based_on");
        string? release = fields.Text("release");
        Engine engine = engineOf(name, release) ?? throw fields.Wrong("based_on", "an engine of the catalog with that release",
            release is null ? name : $"{name}@{release}");
        EngineSpeed speed = engine.Speed ?? throw fields.Wrong("based_on", "an engine whose speed is known", name);
        string fingerprint = fields.RequiredText("fingerprint");
        OwnTime[] rows = [.. fields.List("measured").Take(MostRows + 1).Select(Row)];
        fields.RejectOthers();
        return rows.Length == 0 ? throw fields.Missing("measured", "a list with at least one row")
            : rows.Length > MostRows ? throw fields.Wrong("measured", $"a list of at most {MostRows} rows", rows.Length)
            : fingerprint != speed.Fingerprint
                ? throw fields.Wrong("fingerprint", $"{speed.Fingerprint}, that of the profile of {name} here: calibrate again",
                    fingerprint)
            : engine with { Speed = speed with { Own = [.. rows] } };
    }

    private static OwnTime Row(JsonFields fields)
    {
        string time = fields.RequiredText("time");
        int word = Array.IndexOf(s_words, time);
        var row = new OwnTime
        {
            Row = fields.RequiredText("row"),
            Time = word >= 0 ? (MeasuredTime)word : throw fields.Wrong("time", string.Join(", ", s_words), time),
            Gpu = fields.RequiredText("gpu"),
            Host = fields.Text("host"),
            Backend = fields.Text("backend"),
            Model = fields.RequiredText("model"),
            Place = new(fields.RequiredInteger("parameters", 1), fields.RequiredText("weights"), fields.RequiredText("layout"),
                fields.NotNegative("tokens") ?? throw fields.Missing("tokens", "a number"),
                fields.Positive("requests") ?? throw fields.Missing("requests", "a number of 1 or more")),
            ProfileMilliseconds = fields.Positive("profile_ms") ?? throw fields.Missing("profile_ms", "a number above 0"),
            MeasuredMilliseconds = fields.Positive("measured_ms") ?? throw fields.Missing("measured_ms", "a number above 0"),
        };
        fields.RejectOthers();
        return row.Place.Requests >= 1 ? row : throw fields.Wrong("requests", "1 or more", row.Place.Requests);
    }
}
