using System.Globalization;
using LlmMath.Planning;

namespace LlmMath.Cli.Yaml;

/// <summary>A server in a manifest.</summary>
/// <param name="Setup">What it is told.</param>
/// <param name="Count">How many of it run.</param>
internal sealed record ManifestServer(ServerSetup Setup, int Count);

/// <summary>Finds the servers in a file for docker compose, Kubernetes, KServe, Ray Serve or Dynamo.</summary>
internal sealed class ManifestFile
{
    private const int MostCharacters = 1 << 22, MostValues = 100_000, MostDepth = 64, MostServers = 10_000, MostNodes = 1_000_000;

    private static readonly string[] s_keys = ["entrypoint", "command", "args"];

    private readonly string _file;
    private readonly List<ManifestServer> _servers = [];
    private string? _other;
    private int _nodes;

    private ManifestFile(string file) => _file = file;

    /// <summary>Whether a text is such a file, not a command.</summary>
    public static bool IsOne(string text) => text.Split('\n').Any(line => line.StartsWith("services:", StringComparison.Ordinal)
        || line.StartsWith("apiVersion:", StringComparison.Ordinal)
        || line.StartsWith("applications:", StringComparison.Ordinal));

    /// <summary>The servers, in the file's order.</summary>
    /// <exception cref="CliException">It is no YAML, or has none.</exception>
    /// <exception cref="EstimateException">A server is told what is not known; the error names it.</exception>
    public static IReadOnlyList<ManifestServer> Read(string file, string text)
    {
        if (text.Length > MostCharacters)
        {
            throw new CliException($"{file}: at most 4,194,304 characters are right.");
        }

        var manifest = new ManifestFile(file);
        foreach (YamlTree document in YamlTree.Read(file, text, MostValues, MostDepth))
        {
            manifest.Find(document, 1, 0);
        }

        return manifest._servers.Count > 0 ? manifest._servers
            : throw new CliException(manifest._other is { } words
                ? $"{file}: what it starts is no engine that is known: {words}"
                : $"{file}: no container with a command, and no llm_configs of Ray Serve, was found in it.");
    }

    private void Find(YamlTree node, int count, int depth)
    {
        if (depth > MostDepth || ++_nodes > MostNodes)
        {
            throw new CliException($"{_file}: its anchors repeat more than is read.");
        }

        foreach (YamlTree item in node.List ?? [])
        {
            Find(item, count, depth + 1);
        }

        if (node.Map is not { } map)
        {
            return;
        }

        count = node["replicas"]?.Scalar is { } said ? Count("replicas", said) : count;
        if (node["model"]?["uri"]?.Scalar is { } uri && node["template"] is not null)
        {
            KServe(node, uri, count);
        }
        else if (node["engine_kwargs"] is { } arguments && node["model_loading_config"] is { } model)
        {
            Ray(arguments, model, node["deployment_config"]?["num_replicas"]?.Scalar is { } replicas
                ? Count("num_replicas", replicas) : 1);
        }
        else if (node["serveConfigV2"]?.Scalar is { } inner)
        {
            foreach (YamlTree document in YamlTree.Read($"{_file}: serveConfigV2", inner, MostValues, MostDepth))
            {
                Find(document, 1, depth + 1);
            }
        }
        else if (Words(node) is { Count: > 0 } words)
        {
            Add(words, count);
        }
        else
        {
            foreach ((_, YamlTree value) in map)
            {
                Find(value, count, depth + 1);
            }
        }
    }

    private void Add(IReadOnlyList<string> words, int count)
    {
        if (LaunchReading.EngineOf(words) is null)
        {
            _other ??= string.Join(' ', words.Take(3));
        }
        else if (!words.Contains("--headless"))
        {
            _servers.Add(new(LaunchReading.Read(words), count));
        }
    }

    // KServe starts vllm serve itself, and a shell reads the arguments.
    private void KServe(YamlTree spec, string uri, int count)
    {
        string model = uri.StartsWith("hf://", StringComparison.Ordinal) ? uri[5..] : spec["model"]!["name"]?.Scalar ?? uri;
        Side(spec, count);
        if (spec["prefill"] is { } reads)
        {
            Side(reads, reads["replicas"]?.Scalar is { } said ? Count("replicas", said) : 1);
        }

        void Side(YamlTree side, int servers)
        {
            YamlTree? main = side["template"]?["containers"]?.List?.FirstOrDefault(one => one["name"]?.Scalar == "main");
            IEnumerable<string> words = main?["args"] is { } args ? Listed(args) : [];
            string? more = main?["env"]?.List?
                .FirstOrDefault(one => one["name"]?.Scalar == "VLLM_ADDITIONAL_ARGS")?["value"]?.Scalar;
            ServerSetup told = LaunchReading.Read($"vllm serve m {string.Join(' ', words)} {more}");
            _servers.Add(new(told with { Model = model }, servers));
        }
    }

    // vLLM's arguments by their names in Python.
    private void Ray(YamlTree arguments, YamlTree model, int count)
    {
        var words = new List<string>
        {
            "vllm", "serve", model["model_source"]?.Scalar ?? model["model_id"]?.Scalar
                ?? throw new CliException($"{_file}: model_loading_config: model_source is missing."),
        };
        foreach ((string key, YamlTree value) in arguments.Map ?? [])
        {
            string flag = key.Replace('_', '-');
            string text = value.Scalar ?? throw new CliException($"{_file}: engine_kwargs: {key}: one value is read.");
            words.AddRange(text.ToLowerInvariant() switch
            {
                "true" => ["--" + flag],
                "false" => ["--no-" + flag],
                _ => (string[])["--" + flag, text],
            });
        }

        ServerSetup setup = LaunchReading.Read(words);
        string? name = model["model_id"]?.Scalar;
        _servers.Add(new(name == setup.Model ? setup : setup with { ServedName = name }, count));
    }

    private List<string> Words(YamlTree node) =>
    [
        .. s_keys.Select(key => node[key]).OfType<YamlTree>()
            .Where(value => value.Map is null && (value.Scalar is not null || value.List is not null)).SelectMany(Listed),
    ];

    // Both docker compose and Kubernetes read $$ as $.
    private IEnumerable<string> Listed(YamlTree value) => value.List is { } list
        ? list.Select(item => item.Scalar?.Replace("$$", "$", StringComparison.Ordinal)
            ?? throw new CliException($"{_file}: a command is a list of words, or one line."))
        : LaunchReading.Split((value.Scalar ?? "").Replace("$$", "$", StringComparison.Ordinal));

    private int Count(string key, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 0 and <= MostServers
            ? count : throw new CliException($"{_file}: {key}: a whole number up to 10,000 is right; it is \"{value}\".");
}
