using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LlmMath.Cli.Output;

/// <summary>Tables for a person.</summary>
internal static class Tables
{
    // A pipe has no width: rows stay on their lines. A column of words is not made narrower than that.
    private const int PipeWidth = 200, WordsWidth = 30;

    /// <summary>A table whose first columns hold text and whose others hold numbers.</summary>
    public static Table Of(string[] texts, string[] numbers)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns([.. texts.Select(title => new TableColumn(Markup.Escape(title)))]);
        table.AddColumns([.. numbers.Select(title => new TableColumn(Markup.Escape(title)).RightAligned().NoWrap())]);
        return table;
    }

    /// <summary>Adds a row of plain text: nothing in it is markup.</summary>
    public static void Row(this Table table, params string[] cells) => 
        table.AddRow([.. cells.Select(cell => new Text(Visible.Of(cell)))]);

    /// <summary>Writes a table, without colour or control codes unless the output is a terminal that has them.</summary>
    public static void WriteTable(this TextWriter output, Table table)
    {
        int width = output is LineWriter { IsTerminal: true } ? Console.WindowWidth : PipeWidth;
        output.WriteTable(table, width);
    }

    /// <summary>Writes a table that is as wide as it may be, or wider where it needs more: only cells of several words are
    /// broken into lines, for no number could be read in pieces.</summary>
    public static void WriteTable(this TextWriter output, Table table, int width)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        var options = RenderOptions.Create(console);
        int needed = ((IRenderable)table).Measure(options, int.MaxValue).Max;
        for (int i = 0; i < table.Columns.Count; i++)
        {
            TableColumn column = table.Columns[i];
            Measurement[] cells = [.. table.Rows.Select(row => row[i]).Append(column.Header)
                .Select(cell => cell.Measure(options, int.MaxValue))];
            if (column.NoWrap || cells.All(cell => cell.Min == cell.Max))
            {
                column.NoWrap();
            }
            else
            {
                needed -= Math.Max(0, cells.Max(cell => cell.Max) - Math.Max(WordsWidth, cells.Max(cell => cell.Min)));
            }
        }

        console.Profile.Width = Math.Max(width, needed);
        console.Write(table);
    }

    /// <summary>A count with its noun: <c>1 tensor</c>, <c>2,048 tensors</c>.</summary>
    public static string Counted(long number, string noun) => $"{N(number)} {noun}{(number == 1 ? "" : "s")}";

    public static string N(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string N(double? number, double unit) =>
        number is { } value ? (value / unit).ToString("#,0.##", CultureInfo.InvariantCulture) : "";
}
