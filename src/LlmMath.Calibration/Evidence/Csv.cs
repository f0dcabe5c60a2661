using System.Globalization;

namespace LlmMath.Calibration;

/// <summary>Rows of a comma-separated file without quotes; lines that begin with # are comments.</summary>
internal static class Csv
{
    public static IEnumerable<CsvRow> Read(string path)
    {
        string[]? head = null;
        foreach (string line in File.ReadLines(path))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            string[] cells = line.Split(',');
            if (head is null)
            {
                head = cells;
            }
            else
            {
                yield return new CsvRow(head, cells);
            }
        }
    }
}

/// <summary>One row, by the names of its columns.</summary>
internal sealed record CsvRow(string[] Head, string[] Cells)
{
    public string this[string name] => Cells[Array.IndexOf(Head, name)];

    public int Integer(string name) => int.Parse(this[name], CultureInfo.InvariantCulture);

    public double Real(string name) => double.Parse(this[name], CultureInfo.InvariantCulture);
}
