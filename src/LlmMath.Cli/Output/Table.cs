namespace LlmMath.Cli.Output;

/// <summary>A table whose first columns hold text, which may be broken into lines, and whose others hold numbers, which are
/// not.</summary>
/// <param name="Texts">Titles of the columns of text.</param>
/// <param name="Numbers">Titles of the columns of numbers.</param>
internal sealed record Table(string[] Texts, string[] Numbers)
{
    public List<string[]> Rows { get; } = [];

    public string[] Titles { get; } = [.. Texts, .. Numbers];

    /// <summary>Adds a row of plain text: nothing in it is markup.</summary>
    public void Row(params string[] cells) => Rows.Add([.. cells.Select(Visible.Of)]);

    public bool IsNumber(int column) => column >= Texts.Length;

    /// <summary>A column's cells with its title.</summary>
    public IEnumerable<string> Column(int column) => Rows.Select(row => row[column]).Prepend(Titles[column]);
}
