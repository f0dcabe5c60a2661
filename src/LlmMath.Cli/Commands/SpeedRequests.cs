using System.Globalization;
using System.Text;
using System.Text.Json;
using LlmMath.Architectures;

namespace LlmMath.Cli.Commands;

/// <summary>Answers a file of questions, one JSON object a line in, one a line out.</summary>
internal static class SpeedRequests
{
    private const int BadLine = int.MaxValue, KnownModels = 256, MostLevels = 64;
    private static readonly string[] s_keys =
    [
        "id", "model", "gpu", "memory", "gpus", "tp", "pp", "dp", "ep", "engine", "weights", "kv", "batch", "prompt", "cached",
        "output", "arrival", "explain", "ngl", "n-cpu-moe", "cpu-moe", "ot", "host", "ram-bandwidth", "threads", "backend",
        "flash-attention", "pcie", "no-op-offload", "pass-tokens", "draft-tokens", "tokens-per-step", .. PrefillOptions.Keys,
    ];

    /// <summary>Answers a file, or standard input for <c>-</c>, line by line: no line waits for the next.</summary>
    public static int Answer(string file, TextReader standardInput, TextWriter output)
    {
        if (file == "-")
        {
            if (ReferenceEquals(standardInput, Console.In) && StandardInput.IsClosed())
            {
                throw new CliException("--requests: standard input is closed.");
            }

            return AnswerLines(standardInput, "standard input", output);
        }

        if (!File.Exists(file))
        {
            throw new CliException(Directory.Exists(file)
                ? $"--requests: {file} is a folder; give a file of JSON lines, or - for standard input."
                : $"--requests: \"{file}\" is not a file; give a file of JSON lines, or - for standard input.");
        }

        try
        {
            using var reader = new StreamReader(file);
            return AnswerLines(reader, file, output);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"--requests: {error.Message}", error);
        }
    }

    private static int AnswerLines(TextReader input, string name, TextWriter output)
    {
        int status = ExitStatus.Done;
        long number = 0;
        // A file is read once, however many lines name it; beyond some hundred files, as often as they come.
        var models = new Dictionary<string, ModelArgument>(StringComparer.Ordinal);
        foreach (string? line in RequestLines.Of(input))
        {
            number++;
            if (line is not null && string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            status = Math.Max(status, Answer(line, $"{name}, line {number}", models, output));
        }

        // Bad input outranks "does not fit".
        return status == BadLine ? ExitStatus.BadInput : status;
    }

    private static int Answer(string? line, string place, Dictionary<string, ModelArgument> models, TextWriter output)
    {
        JsonElement? id = null;
        (string text, int status) answer;
        try
        {
            using JsonDocument document = Parse(line, place);
            JsonElement root = document.RootElement;
            id = root.TryGetProperty("id", out JsonElement given) ? given.Clone() : null;
            SpeedQuestion asked = Question(root, place);
            var estimate = SpeedAnswer.Of(asked, Model(asked.Model, models));
            bool explain = Flag(root, "explain", place) ?? false;
            answer = (Json(writer => SpeedReport.Json(writer, estimate, id, explain)),
                estimate.Fits == false ? ExitStatus.No : ExitStatus.Done);
        }
        catch (CliException problem)
        {
            answer = (Error(id, problem.Message), BadLine);
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            // A defect of ours: it costs this line its answer, and no other.
            answer = (Error(id, $"{place}: cannot be answered: {problem.Message}"), BadLine);
        }

        output.WriteLine(answer.text);
        return answer.status;
    }

    private static string Error(JsonElement? id, string message) => Json(writer =>
    {
        writer.WriteStartObject();
        writer.WritePropertyName("id");
        if (id is { } given)
        {
            given.WriteTo(writer);
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteString("error", message);
        writer.WriteEndObject();
    });

    private static ModelArgument Model(string name, Dictionary<string, ModelArgument> models)
    {
        if (!models.TryGetValue(name, out ModelArgument? model))
        {
            model = ModelArgument.Resolve(name);
            if (models.Count < KnownModels)
            {
                models[name] = model;
            }
        }

        return model;
    }

    private static JsonDocument Parse(string? line, string place)
    {
        if (line is null)
        {
            throw new CliException(
                string.Create(CultureInfo.InvariantCulture,
                    $"{place}: longer than {RequestLines.Longest:N0} characters, which no request is."));
        }

        try
        {
            var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = MostLevels });
            RequireText(document.RootElement);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document
                : throw new CliException($"{place}: a JSON object is needed.");
        }
        catch (JsonException error)
        {
            string problem = IsJson(line) ? $"nested deeper than {MostLevels} levels" : "not valid JSON";
            throw new CliException($"{place}: {problem}.", error);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            throw new CliException($"{place}: holds a string that is not valid Unicode: half of a surrogate pair.", error);
        }
    }

    // A string is decoded when it is asked for: here, once, so that none fails later.
    private static void RequireText(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray())
                {
                    RequireText(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    _ = property.Name;
                    RequireText(property.Value);
                }

                break;
        }
    }

    private static bool IsJson(string line)
    {
        try
        {
            JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = int.MaxValue }).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static SpeedQuestion Question(JsonElement root, string place)
    {
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (!s_keys.Contains(property.Name))
            {
                throw new CliException($"{place}: \"{property.Name}\" is not a key here. Keys: {string.Join(", ", s_keys)}.");
            }

            if (!given.Add(property.Name))
            {
                throw new CliException($"{place}: \"{property.Name}\" is there twice; each key must be given once.");
            }
        }

        return new()
        {
            Model = Text(root, "model", place) ?? throw Missing("model", place),
            Gpu = Text(root, "gpu", place) ?? throw Missing("gpu", place),
            Weights = Text(root, "weights", place),
            Memory = Integer(root, "memory", place),
            Drafts = Integer(root, "draft-tokens", place),
            TokensPerStep = Real(root, "tokens-per-step", place),
            Placement = new()
            {
                Gpus = Integer(root, "gpus", place),
                Tensor = Integer(root, "tp", place),
                Pipeline = Integer(root, "pp", place),
                Data = Integer(root, "dp", place),
                Expert = Integer(root, "ep", place),
                Prefill = new()
                {
                    Reads = Integer(root, "prefill-gpus", place),
                    Writes = Integer(root, "decode-gpus", place),
                    Gpu = Text(root, "prefill-gpu", place),
                    Link = Real(root, "prefill-link", place),
                },
            },
            Cached = Integer(root, "cached", place) ?? 0,
            Arrival = Text(root, "arrival", place),
            Engine = Text(root, "engine", place),
            Cache = Text(root, "kv", place) ?? "bf16",
            PassTokens = Integer(root, "pass-tokens", place),
            Batch = Integer(root, "batch", place) ?? 1,
            Prompt = Integer(root, "prompt", place) ?? throw Missing("prompt", place),
            Output = Integer(root, "output", place) ?? throw Missing("output", place),
            Machine = new()
            {
                Layers = Integer(root, "ngl", place),
                ExpertLayers = Flag(root, "cpu-moe", place) == true ? int.MaxValue : Integer(root, "n-cpu-moe", place),
                Rules = Texts(root, "ot", place),
                Host = Text(root, "host", place),
                Bandwidth = Real(root, "ram-bandwidth", place),
                Threads = Integer(root, "threads", place),
                Backend = Text(root, "backend", place),
                FlashAttention = Text(root, "flash-attention", place),
                Link = Real(root, "pcie", place),
                WeightsStay = Flag(root, "no-op-offload", place) == true,
            },
        };
    }

    // One text, or a list of them.
    private static string[] Texts(JsonElement root, string key, string place) =>
        !root.TryGetProperty(key, out JsonElement value) ? []
        : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(each => each.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(each => each.GetString()!)]
        : value.ValueKind == JsonValueKind.String ? [value.GetString()!]
        : throw new CliException($"{place}: \"{key}\" must be a string, or a list of them.");

    private static double? Real(JsonElement root, string key, string place) =>
        !root.TryGetProperty(key, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) ? number
        : throw new CliException($"{place}: \"{key}\" must be a number.");

    private static string? Text(JsonElement root, string key, string place) =>
        !root.TryGetProperty(key, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new CliException($"{place}: \"{key}\" must be a string.");

    private static int? Integer(JsonElement root, string key, string place) =>
        !root.TryGetProperty(key, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number
        : throw new CliException($"{place}: \"{key}\" must be a whole number.");

    private static bool? Flag(JsonElement root, string key, string place) =>
        !root.TryGetProperty(key, out JsonElement value) ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw new CliException($"{place}: \"{key}\" must be true or false.");

    private static CliException Missing(string key, string place) => new($"{place}: \"{key}\" is missing.");

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
