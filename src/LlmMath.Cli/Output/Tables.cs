using System.Globalization;
using Spectre.Console;

namespace LlmMath.Cli.Output;

/// <summary>Tables for a person.</summary>
internal static class Tables
{
    // A pipe has no width: rows stay on their lines. A column of words is not made narrower than that where a line may be long.
    private const int PipeWidth = 200, WordsWidth = 30;

    // No value is broken for a terminal that is narrower still.
    private const int LeastValue = 20;

    // Spectre.Console's: a blank on either side of a cell, one between cells, one on either side of the table.
    private const int CellBlanks = 3, EdgeBlanks = 1;

    private const string Gap = "  ";

    /// <summary>A table whose first columns hold text and whose others hold numbers.</summary>
    public static Table Of(string[] texts, string[] numbers) => new(texts, numbers);

    /// <summary>Writes a table, without colour or control codes unless the output is a terminal that has them.</summary>
    public static void WriteTable(this TextWriter output, Table table)
    {
        if (output is LineWriter { IsTerminal: true })
        {
            output.WriteTable(table, Console.WindowWidth);
        }
        else
        {
            Write(output, table, Widths(table, PipeWidth, WordsWidth));
        }
    }

    /// <summary>Writes a table that is no wider than it may be: cells of words are broken into lines, numbers never. Where even
    /// that is too wide, each row is written as lines of its own, a title and a value each.</summary>
    public static void WriteTable(this TextWriter output, Table table, int width)
    {
        int[] widths = Widths(table, width, WordsWidth);
        widths = Total(widths) <= width ? widths : Widths(table, width, 0);
        if (Total(widths) <= width)
        {
            Write(output, table, widths);
        }
        else
        {
            WriteRecords(output, table, width);
        }
    }

    /// <summary>A count with its noun: <c>1 tensor</c>, <c>2,048 tensors</c>.</summary>
    public static string Counted(long number, string noun) => $"{N(number)} {noun}{(number == 1 ? "" : "s")}";

    public static string N(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string N(double? number, double unit) =>
        number is { } value ? (value / unit).ToString("#,0.##", CultureInfo.InvariantCulture) : "";

    private static int Total(int[] widths) => widths.Sum() + (CellBlanks * widths.Length) + EdgeBlanks;

    // As wide as the cells are; where that is too wide, the widest column that may still shrink does.
    private static int[] Widths(Table table, int width, int words)
    {
        int columns = table.Titles.Length;
        int[] widths = new int[columns], least = new int[columns];
        for (int i = 0; i < columns; i++)
        {
            widths[i] = table.Column(i).Max(cell => cell.GetCellWidth());
            int unbroken = table.IsNumber(i)
                ? table.Rows.Select(row => row[i].GetCellWidth()).Append(Wrapping.Least(table.Titles[i])).Max()
                : table.Column(i).Max(Wrapping.Least);
            least[i] = Math.Min(widths[i], table.IsNumber(i) ? unbroken : Math.Max(words, unbroken));
        }

        for (int excess = Total(widths) - width; excess > 0; excess--)
        {
            int widest = Enumerable.Range(0, columns).Where(i => widths[i] > least[i]).DefaultIfEmpty(-1)
                .MaxBy(i => i < 0 ? 0 : widths[i]);
            if (widest < 0)
            {
                break;
            }

            widths[widest]--;
        }

        return widths;
    }

    private static void Write(TextWriter output, Table table, int[] widths)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = Total(widths);
        var grid = new Spectre.Console.Table().Border(TableBorder.Simple);
        for (int i = 0; i < widths.Length; i++)
        {
            var column = new TableColumn(new Text(Broken(table.Titles[i], widths[i]))) { Width = widths[i], NoWrap = true };
            grid.AddColumn(table.IsNumber(i) ? column.RightAligned() : column);
        }

        foreach (string[] row in table.Rows)
        {
            grid.AddRow([.. row.Select((cell, i) => new Text(Broken(cell, widths[i])))]);
        }

        console.Write(grid);
    }

    private static string Broken(string text, int width) => string.Join('\n', Wrapping.Lines(text, width));

    private static void WriteRecords(TextWriter output, Table table, int width)
    {
        int titles = table.Titles.Max(title => title.GetCellWidth());
        foreach (string[] row in table.Rows)
        {
            output.WriteLine();
            foreach ((string title, string cell) in table.Titles.Zip(row).Where(pair => pair.Second.Length > 0))
            {
                string name = title;
                foreach (string line in Wrapping.Lines(cell, Math.Max(LeastValue, width - titles - (2 * Gap.Length))))
                {
                    output.WriteLine($"{Gap}{name.PadRight(titles)}{Gap}{line}");
                    name = "";
                }
            }
        }

        output.WriteLine();
    }
}
