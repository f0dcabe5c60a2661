using System.Globalization;
using Spectre.Console;

namespace LlmMath.Cli.Output;

/// <summary>Tables for a person.</summary>
internal static class Tables
{
    public static Table Of(params (string Title, bool IsNumber)[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach ((string title, bool isNumber) in columns)
        {
            var column = new TableColumn(Markup.Escape(title));
            table.AddColumn(isNumber ? column.RightAligned().NoWrap() : column);
        }

        return table;
    }

    /// <summary>Adds a row of plain text: nothing in it is markup.</summary>
    public static void Row(this Table table, params string[] cells) => table.AddRow([.. cells.Select(cell => new Text(cell))]);

    /// <summary>Writes a table, without colour or control codes unless the output is a terminal that has them.</summary>
    public static void WriteTable(this TextWriter output, Table table)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (Console.IsOutputRedirected || output != Console.Out)
        {
            // A pipe has no width: keep each row on its line.
            console.Profile.Width = 200;
        }

        console.Write(table);
    }

    public static string N(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string N(double? number, double unit) => number is { } value ? (value / unit).ToString("#,0.##", CultureInfo.InvariantCulture) : "";
}
