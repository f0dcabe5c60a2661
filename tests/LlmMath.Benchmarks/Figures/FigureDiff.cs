using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmMath.Benchmarks.Figures;

/// <summary>What differs between two files of figures: each value of the old one that the new one has otherwise or no more. What
/// the new one has beside that is counted, and no difference.</summary>
internal sealed partial class FigureDiff
{
    // Sums of floating-point numbers in another order.
    private const double SameShare = 1e-9;

    private readonly SortedDictionary<string, Change> _changes = new(StringComparer.Ordinal);
    private int _lost, _added;

    public static FigureDiff Of(string oldPath, string newPath)
    {
        var diff = new FigureDiff();
        var answers = FigureFile.Read(oldPath).ToDictionary(line => line.Question, line => line.Answer, StringComparer.Ordinal);
        foreach ((string question, string answer) in FigureFile.Read(newPath))
        {
            if (!answers.Remove(question, out string? before))
            {
                diff._added++;
            }
            else if (before != answer)
            {
                diff.Compare(question, Values(before), Values(answer));
            }
        }

        foreach (string question in answers.Keys)
        {
            diff._lost++;
            diff.Add("no answer any more: " + Kind(question), question, "an answer", "none");
        }

        return diff;
    }

    /// <summary>Prints the changes, by verb, engine and value.</summary>
    /// <returns>Whether there are none.</returns>
    public bool Print(TextWriter output)
    {
        foreach ((string what, Change change) in _changes)
        {
            string largest = change.Largest is > 0 and < double.PositiveInfinity
                ? string.Create(CultureInfo.InvariantCulture, $", by at most {change.Largest:0.######%}") : "";
            output.WriteLine($"{what}: {change.Count} changed{largest}");
            output.WriteLine($"    {change.Old} -> {change.New} in {change.Question}");
        }

        int changed = _changes.Values.Sum(change => change.Count) - _lost;
        output.WriteLine($"{changed} values changed, {_lost} answers lost, {_added} answers new");
        return _changes.Count == 0;
    }

    private void Compare(string question, Dictionary<string, string> before, Dictionary<string, string> after)
    {
        foreach ((string path, string old) in before)
        {
            string now = after.GetValueOrDefault(path, "(none)");
            if (old != now && !IsRounding(old, now))
            {
                Add($"{Kind(question)} {Index().Replace(path, "[]")}", question, old, now);
            }
        }
    }

    private void Add(string what, string question, string old, string now)
    {
        double by = Number(old) is { } a && Number(now) is { } b
            ? Math.Abs(b - a) / Math.Max(Math.Abs(a), double.Epsilon) : double.PositiveInfinity;
        Change change = _changes.GetValueOrDefault(what) ?? new(0, -1, question, old, now);
        _changes[what] = (by > change.Largest ? new(0, by, question, old, now) : change) with { Count = change.Count + 1 };
    }

    private static bool IsRounding(string old, string now) => old.Contains('.', StringComparison.Ordinal)
        && Number(old) is { } a && Number(now) is { } b && Math.Abs(a - b) <= SameShare * Math.Abs(a);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    // Verb and engine.
    private static string Kind(string question)
    {
        Match engine = Engine().Match(question);
        string verb = question[..question.IndexOf(' ', StringComparison.Ordinal)];
        return engine.Success ? $"{verb} {engine.Groups[1].Value}" : verb;
    }

    private static Dictionary<string, string> Values(string json)
    {
        using var document = JsonDocument.Parse(json);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        Collect(document.RootElement, "", values);
        return values;
    }

    private static void Collect(JsonElement element, string path, Dictionary<string, string> values)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
            {
                Collect(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}", values);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach ((int i, JsonElement item) in element.EnumerateArray().Index())
            {
                Collect(item, $"{path}[{i}]", values);
            }
        }
        else
        {
            values[path] = element.GetRawText();
        }
    }

    [GeneratedRegex("""(?:--engine |"engine":")([\w.-]+)""")]
    private static partial Regex Engine();

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Index();

    private sealed record Change(int Count, double Largest, string Question, string Old, string New);
}
