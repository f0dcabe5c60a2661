using System.Globalization;
using LlmMath.Engines.Json;
using LlmMath.Interchange.Json;

namespace LlmMath;

/// <summary>Reads what drafts were measured to yield.</summary>
internal static class AcceptanceJson
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="DefinitionException">The file is malformed, or a field is missing, unknown or wrong. It names the
    /// field.</exception>
    public static DraftAcceptance Read(ReadOnlySpan<byte> utf8)
    {
        var fields = new JsonFields(ModelJson.ReadRoot(utf8));
        var acceptance = new DraftAcceptance(fields.RequiredText("source"), fields.RequiredText("measured_on"),
            [.. fields.List("series").Select(Series)], [.. fields.List("random_text").Select(Share)]);
        fields.RejectOthers();
        return acceptance.Series.Length == 0 ? throw fields.Missing("series", "a list of one or more")
            : acceptance.RandomText.Length == 0 ? throw fields.Missing("random_text", "a list of one or more") : acceptance;
    }

    private static RandomTextShare Share(JsonFields fields)
    {
        int answer = EngineJson.Count(fields, "answer", 1) ?? throw fields.Missing("answer", "a whole number");
        double share = fields.Positive("share") ?? throw fields.Missing("share", "a number of 0 to 1");
        fields.RejectOthers();
        return share <= 1 ? new(answer, share)
            : throw fields.Wrong("share", "a number of 0 to 1", share.ToString(CultureInfo.InvariantCulture));
    }

    private static AcceptanceSeries Series(JsonFields fields)
    {
        fields.RequiredText("file");
        string text = fields.RequiredText("tokens");
        var tokens = new List<double>();
        foreach (string word in text.Split(' '))
        {
            tokens.Add(double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double mean)
                && mean >= 1 && mean <= tokens.Count + 2 ? mean
                : throw fields.Wrong("tokens", "numbers of 1 to one more than the drafts, for 1, 2, 3 … drafts", text));
        }

        _ = fields.Flag("thinking") ?? throw fields.Missing("thinking", "true or false");
        var series = new AcceptanceSeries(fields.RequiredText("method"), fields.Names("models"), [.. tokens]);
        fields.RejectOthers();
        return series;
    }
}
