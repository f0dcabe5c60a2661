using System.Text;
using System.Text.Json;

namespace LlmMath.Cli.Measured;

/// <summary>Reads files of measurements: JSON (an object or a list), JSON lines, or a table with commas, each row told by its
/// fields.</summary>
internal static class MeasuredReader
{
    private const int MostBytes = 16 << 20, MostRows = 10_000;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 32 };

    /// <summary>Reads a file.</summary>
    /// <exception cref="CliException">It cannot be opened, is too large, or is of no tool that is known; or a row is wrong: one
    /// line names file, row and field.</exception>
    public static MeasuredFile Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            byte[] bytes = new byte[MostBytes + 1];
            int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return read <= MostBytes ? Read(path, Encoding.UTF8.GetString(bytes, 0, read).TrimStart('\uFEFF'))
                : throw new CliException(
                    $"{path}: more than {MostBytes >> 20} MiB; results alone are needed, without each request.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CliException($"{path}: {problem.Message}", problem);
        }
    }

    /// <summary>Reads a text.</summary>
    /// <exception cref="CliException">As for <see cref="Read(string)"/>.</exception>
    internal static MeasuredFile Read(string path, string text)
    {
        var rows = new List<MeasuredRow>();
        var leftOut = new List<string>();
        foreach (MeasuredFields fields in FieldsOf(path, text))
        {
            if (rows.Count + leftOut.Count >= MostRows)
            {
                throw new CliException($"{path}: more than {MostRows} rows.");
            }

            Read(fields, rows, leftOut);
        }

        return rows.Count + leftOut.Count > 0 ? new(rows, leftOut) : throw new CliException($"{path}: has no row.");
    }

    private static void Read(MeasuredFields fields, List<MeasuredRow> rows, List<string> leftOut)
    {
        string? reason = null;
        if (LlamaBench.IsOf(fields))
        {
            (MeasuredRow? row, reason) = LlamaBench.Read(fields);
            rows.AddRange(row is null ? [] : [row]);
        }
        else if (ServerBench.IsOf(fields))
        {
            (IReadOnlyList<MeasuredRow> both, reason) = ServerBench.Read(fields);
            rows.AddRange(both);
        }
        else if (OwnTable.IsOf(fields))
        {
            rows.Add(OwnTable.Read(fields));
        }
        else
        {
            throw new CliException($"{fields.Row}: neither llama-bench (avg_ts, model_n_params), nor vLLM's or SGLang's serving "
                + "benchmark (mean_ttft_ms, total_input_tokens), nor a table with time and ms or tokens_per_second.");
        }

        leftOut.AddRange(reason is null ? [] : [$"{fields.Row}: {reason}"]);
    }

    private static IEnumerable<MeasuredFields> FieldsOf(string path, string text) =>
        text.TrimStart() is ['[' or '{', ..] ? OfJson(path, PythonNumbers(text)) : OfTable(path, text);

    // Python writes what JSON has not.
    private static string PythonNumbers(string text) => text.Replace(": Infinity", ": \"inf\"", StringComparison.Ordinal)
        .Replace(": NaN", ": null", StringComparison.Ordinal);

    private static IEnumerable<MeasuredFields> OfJson(string path, string text)
    {
        int number = 0;
        foreach (string piece in Whole(text) ? [text] : text.Split('\n').Where(line => line.Trim().Length > 0))
        {
            using JsonDocument document = Parse($"{path}, row {number + 1}", piece);
            foreach (JsonElement element in document.RootElement.ValueKind == JsonValueKind.Array
                ? document.RootElement.EnumerateArray().ToArray() : [document.RootElement])
            {
                string row = $"{path}, row {++number}";
                yield return element.ValueKind == JsonValueKind.Object ? new(row, element)
                    : throw new CliException($"{row}: is no JSON object.");
            }
        }
    }

    // One value over several lines, or a value a line.
    private static bool Whole(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, s_options);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static JsonDocument Parse(string row, string text)
    {
        try
        {
            return JsonDocument.Parse(text, s_options);
        }
        catch (JsonException problem)
        {
            throw new CliException($"{row}: is no JSON: {problem.Message.Split(" LineNumber")[0]}", problem);
        }
    }

    private static IEnumerable<MeasuredFields> OfTable(string path, string text)
    {
        string[]? head = null;
        int number = 0;
        foreach (string line in text.Split('\n').Select(line => line.TrimEnd('\r')))
        {
            if (line.Trim().Length == 0 || line.StartsWith('#'))
            {
                continue;
            }

            string[] cells = Cells(line);
            if (head is null)
            {
                head = cells;
                RequireKnown(path, head);
                continue;
            }

            string row = $"{path}, row {++number}";
            yield return cells.Length == head.Length ? new(row, head.Zip(cells))
                : throw new CliException($"{row}: has {cells.Length} cells; the first line has {head.Length}.");
        }
    }

    // Of llama-bench's own table every column is its.
    private static void RequireKnown(string path, string[] head)
    {
        if (!head.Contains("avg_ts") && head.FirstOrDefault(name => !OwnTable.Columns.Contains(name)) is { } unknown)
        {
            string shown = Output.Visible.Of(unknown.Length > 40 ? unknown[..40] + "…" : unknown);
            throw new CliException($"{path}: \"{shown}\" is no column; there "
                + $"may be {string.Join(", ", OwnTable.Columns)}.");
        }
    }

    // Cells in quotes may hold commas; two quotes in one stand for a quote (RFC 4180).
    private static string[] Cells(string line)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        bool isQuoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && isQuoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                cell.Append('"');
                i++;
            }
            else if (line[i] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (line[i] == ',' && !isQuoted)
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
            }
            else
            {
                cell.Append(line[i]);
            }
        }

        cells.Add(cell.ToString().Trim());
        return [.. cells];
    }
}
