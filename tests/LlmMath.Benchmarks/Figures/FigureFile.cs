using System.IO.Compression;
using System.Text;
using System.Text.Json;
using LlmMath.Cli;

namespace LlmMath.Benchmarks.Figures;

/// <summary>A file of figures: a line for each question and model, the question, a tab, and the answer as the tool prints it. A
/// name that ends in <c>.gz</c> is packed.</summary>
internal static class FigureFile
{
    /// <summary>Asks everything, and writes the answers.</summary>
    /// <returns>Lines written.</returns>
    public static int Write(string path)
    {
        using StreamWriter file = Writer(path);
        string[] models = [.. ModelCatalog.Entries.Names];
        int lines = 0;
        foreach (string question in FigureQuestions.OfAllModels())
        {
            using JsonDocument answers = Ask([.. question.Split(' '), "--json", .. models]);
            lines += WriteAll(file,
                answers.RootElement.EnumerateArray().Select((answer, i) => ($"{question} {models[i]}", answer)));
        }

        foreach (Func<string, string> question in FigureQuestions.OfSpeed())
        {
            string[] asked = [.. models.Select(question)];
            var output = new StringWriter();
            LlmMathCommand.Run(["speed", "--requests", "-"], output, TextWriter.Null, new StringReader(string.Join('\n', asked)));
            string[] answers = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            lines += WriteAll(file, answers.Select((answer, i) => ("speed " + asked[i], JsonDocument.Parse(answer).RootElement)));
        }

        return lines;
    }

    /// <summary>The lines of a file: question and answer.</summary>
    public static IEnumerable<(string Question, string Answer)> Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        using Stream stream = IsPacked(path) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            int tab = line.IndexOf('\t', StringComparison.Ordinal);
            yield return tab > 0 ? (line[..tab], line[(tab + 1)..])
                : throw new CliException($"{path}: a line has no tab; it is no file of figures.");
        }
    }

    // Where every model gets an error, an engine that does not load a format, the first stands for all.
    private static int WriteAll(StreamWriter file, IEnumerable<(string Question, JsonElement Answer)> all)
    {
        (string Question, JsonElement Answer)[] answers = [.. all];
        bool isRefused = answers.All(answer => answer.Answer.TryGetProperty("error", out _));
        int lines = isRefused ? 1 : answers.Length;
        foreach ((string question, JsonElement answer) in answers.Take(lines))
        {
            file.Write(question + "\t");
            file.WriteLine(JsonSerializer.Serialize(answer));
        }

        return lines;
    }

    private static JsonDocument Ask(string[] args)
    {
        using StringWriter output = new(), error = new();
        LlmMathCommand.Run(args, output, error);
        return output.GetStringBuilder().Length > 0 ? JsonDocument.Parse(output.ToString())
            : JsonDocument.Parse(JsonSerializer.Serialize(new[] { new { error = error.ToString().Trim() } }));
    }

    private static StreamWriter Writer(string path)
    {
        FileStream file = File.Create(path);
        Stream stream = IsPacked(path) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        return new StreamWriter(stream, new UTF8Encoding(false));
    }

    private static bool IsPacked(string path) => path.EndsWith(".gz", StringComparison.Ordinal);
}
