using System.Globalization;
using System.Text;

namespace LlmMath.Calibration;

/// <summary>Rows of a comma-separated file; cells with a comma stand in quotes, lines that begin with # are comments.</summary>
internal static class Csv
{
    /// <summary>The rows below the line of column names.</summary>
    public static IEnumerable<CsvRow> Read(string path)
    {
        string[]? head = null;
        foreach (string line in File.ReadLines(path))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            string[] cells = line.Contains('"', StringComparison.Ordinal) ? Unquoted(line) : line.Split(',');
            if (head is null)
            {
                head = cells;
            }
            else
            {
                yield return cells.Length == head.Length ? new CsvRow(head, cells)
                    : throw new InvalidDataException($"{path}: {cells.Length} cells instead of {head.Length} in: {line}");
            }
        }
    }

    private static string[] Unquoted(string line)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        bool isQuoted = false;
        foreach (char c in line)
        {
            if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (c == ',' && !isQuoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(c);
            }
        }

        cells.Add(cell.ToString());
        return [.. cells];
    }
}

/// <summary>One row, by the names of its columns.</summary>
internal sealed record CsvRow(string[] Head, string[] Cells)
{
    /// <summary>The text of a cell.</summary>
    /// <exception cref="InvalidDataException">There is no such column.</exception>
    public string this[string name] => Array.IndexOf(Head, name) is >= 0 and int at ? Cells[at]
        : throw new InvalidDataException($"no column {name} among {string.Join(", ", Head)}");

    /// <summary>A whole number.</summary>
    public int Integer(string name) => int.Parse(this[name], CultureInfo.InvariantCulture);

    /// <summary>A number.</summary>
    public double Real(string name) => double.Parse(this[name], CultureInfo.InvariantCulture);

    /// <summary>A whole number, or null where the cell is blank.</summary>
    public int? OptionalInteger(string name) => this[name].Length > 0 ? Integer(name) : null;

    /// <summary>A number, or null where the cell is blank.</summary>
    public double? OptionalReal(string name) => this[name].Length > 0 ? Real(name) : null;
}
