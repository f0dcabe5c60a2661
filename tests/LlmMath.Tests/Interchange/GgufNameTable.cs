namespace LlmMath.Tests.Interchange;

/// <summary>GGUF's names as llama.cpp's own table gives them, read from gguf-names.tsv.</summary>
internal static class GgufNameTable
{
    private static readonly Dictionary<(string Family, string Tensor, string Role), string[]> s_names = Read();

    /// <summary>Every row: a family, a tensor's name there, its role where the name alone does not tell, and GGUF's
    /// names.</summary>
    public static IEnumerable<(string Family, string Tensor, string Role, string[] Gguf)> Rows =>
        s_names.Select(row => (row.Key.Family, row.Key.Tensor, row.Key.Role, row.Value));

    /// <summary>The names under which a tensor is stored, with <c>{layer}</c>; null where the table has none.</summary>
    public static string[]? Find(string family, Tensor tensor) =>
        s_names.TryGetValue((family, tensor.Name, ""), out string[]? names)
        || s_names.TryGetValue((family, tensor.Name, tensor.Role.ToString()), out names) ? names : null;

    private static Dictionary<(string Family, string Tensor, string Role), string[]> Read()
    {
        using Stream stream = typeof(GgufNameTable).Assembly.GetManifestResourceStream("gguf-names.tsv")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#').Skip(1)
            .Select(line => line.Split('\t'))
            .SelectMany(
                cells => cells[3].Split(' ').Select(family => (Key: (family, cells[0], cells[1]), Names: cells[2].Split(' '))))
            .ToDictionary(row => row.Key, row => row.Names);
    }
}
