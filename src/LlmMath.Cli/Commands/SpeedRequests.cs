using System.Text;
using System.Text.Json;

namespace LlmMath.Cli.Commands;

/// <summary>Answers a file of questions, one JSON object a line in, one a line out.</summary>
internal static class SpeedRequests
{
    private const int LongestLine = 1 << 20;
    private static readonly string[] s_keys = ["id", "model", "gpu", "gpus", "tp", "engine", "weights", "kv", "batch", "prompt", "output"];

    public static int Answer(string file, TextWriter output)
    {
        int status = ExitStatus.Done, number = 0;
        try
        {
            foreach (string line in File.ReadLines(file))
            {
                number++;
                if (!string.IsNullOrWhiteSpace(line))
                {
                    status = Math.Max(status, Answer(line, $"{file}, line {number}", output));
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"--requests: {error.Message}", error);
        }

        // Bad input outranks "does not fit".
        return status == BadLine ? ExitStatus.BadInput : status;
    }

    private const int BadLine = int.MaxValue;

    private static int Answer(string line, string place, TextWriter output)
    {
        JsonElement? id = null;
        try
        {
            using JsonDocument document = Parse(line, place);
            JsonElement root = document.RootElement;
            id = root.TryGetProperty("id", out JsonElement given) ? given.Clone() : null;
            var answer = SpeedAnswer.Of(Question(root, place));
            Write(output, writer => SpeedReport.Json(writer, answer, id, explain: false));
            return answer.Fits == false ? ExitStatus.No : ExitStatus.Done;
        }
        catch (CliException problem)
        {
            Write(output, writer =>
            {
                writer.WriteStartObject();
                if (id is { } given)
                {
                    writer.WritePropertyName("id");
                    given.WriteTo(writer);
                }

                writer.WriteString("error", problem.Message);
                writer.WriteEndObject();
            });
            return BadLine;
        }
    }

    private static JsonDocument Parse(string line, string place)
    {
        if (line.Length > LongestLine)
        {
            throw new CliException($"{place}: longer than {LongestLine:N0} characters, which no request is.");
        }

        try
        {
            var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 8 });
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw new CliException($"{place}: a JSON object is needed.");
        }
        catch (JsonException error)
        {
            throw new CliException($"{place}: not valid JSON.", error);
        }
    }

    private static SpeedQuestion Question(JsonElement root, string place)
    {
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (!s_keys.Contains(property.Name))
            {
                throw new CliException($"{place}: \"{property.Name}\" is not a key here. Keys: {string.Join(", ", s_keys)}.");
            }
        }

        return new()
        {
            Model = Text(root, "model", place) ?? throw Missing("model", place),
            Gpu = Text(root, "gpu", place) ?? throw Missing("gpu", place),
            Weights = Text(root, "weights", place) ?? throw Missing("weights", place),
            Gpus = Integer(root, "gpus", place) ?? 1,
            Tensor = Integer(root, "tp", place),
            Engine = Text(root, "engine", place),
            Cache = Text(root, "kv", place) ?? "bf16",
            Batch = Integer(root, "batch", place) ?? 1,
            Prompt = Integer(root, "prompt", place) ?? throw Missing("prompt", place),
            Output = Integer(root, "output", place) ?? throw Missing("output", place),
        };
    }

    private static string? Text(JsonElement root, string key, string place) => !root.TryGetProperty(key, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new CliException($"{place}: \"{key}\" must be a string.");

    private static int? Integer(JsonElement root, string key, string place) => !root.TryGetProperty(key, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number
        : throw new CliException($"{place}: \"{key}\" must be a whole number.");

    private static CliException Missing(string key, string place) => new($"{place}: \"{key}\" is missing.");

    private static void Write(TextWriter output, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            write(writer);
        }

        output.WriteLine(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
    }
}
