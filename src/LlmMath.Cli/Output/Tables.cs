using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LlmMath.Cli.Output;

/// <summary>Tables for a person.</summary>
internal static class Tables
{
    /// <summary>A table whose first columns hold text and whose others hold numbers.</summary>
    public static Table Of(string[] texts, string[] numbers)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns([.. texts.Select(title => new TableColumn(Markup.Escape(title)))]);
        table.AddColumns([.. numbers.Select(title => new TableColumn(Markup.Escape(title)).RightAligned().NoWrap())]);
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

        if (table.Columns.All(column => column.NoWrap))
        {
            // On a terminal narrower than that rows run over its edge: broken numbers could not be read.
            int width = ((IRenderable)table).Measure(RenderOptions.Create(console), int.MaxValue).Max;
            console.Profile.Width = Math.Max(console.Profile.Width, width);
        }

        console.Write(table);
    }

    public static string N(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string N(double? number, double unit) =>
        number is { } value ? (value / unit).ToString("#,0.##", CultureInfo.InvariantCulture) : "";
}
