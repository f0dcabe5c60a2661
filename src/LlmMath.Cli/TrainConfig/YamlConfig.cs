using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LlmMath.Cli.TrainConfig;

/// <summary>Reads a configuration that is YAML, by the parser's events: nothing is made of types that a file names.</summary>
internal sealed class YamlConfig
{
    private const int MostKey = 200;

    private readonly ConfigTree _tree;
    private readonly IParser _parser;
    private readonly Dictionary<AnchorName, Node?> _anchors = [];
    private int _nodes;

    private YamlConfig(string file, string text) => (_tree, _parser) = (new(file), new Parser(new StringReader(text)));

    /// <summary>The file's values.</summary>
    /// <exception cref="CliException">It is no YAML mapping, too deep, has a key twice, or aliases without end.</exception>
    public static ConfigTree Read(string file, string text)
    {
        try
        {
            return new YamlConfig(file, text).Read();
        }
        catch (YamlException problem)
        {
            throw new CliException($"{file}: line {problem.Start.Line}: it is no YAML that can be read: "
                + problem.Message.ReplaceLineEndings(" "), problem);
        }
        catch (Exception problem) when (problem is InvalidOperationException or ArgumentException or FormatException
            or OverflowException or IndexOutOfRangeException)
        {
            // What the parser of YAML throws where it trips over itself.
            throw new CliException($"{file}: it is no YAML that can be read.", problem);
        }
    }

    private ConfigTree Read()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            throw new CliException($"{_tree.File}: it is empty.");
        }

        if (Next(0) is not { Map: { } map })
        {
            throw new CliException($"{_tree.File}: keys with values are right, as in base_model: NAME.");
        }

        _parser.Consume<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _))
        {
            throw new CliException($"{_tree.File}: one document is right; another one follows.");
        }

        Add("", map, 0);
        return _tree;
    }

    private Node Next(int depth)
    {
        if (depth > ConfigTree.MostDepth || ++_nodes > 2 * ConfigTree.MostValues)
        {
            throw new CliException($"{_tree.File}: line {_parser.Current?.Start.Line}: it is nested deeper, or has more values, "
                + "than any training configuration.");
        }

        if (_parser.TryConsume<AnchorAlias>(out AnchorAlias? alias))
        {
            return _anchors.GetValueOrDefault(alias.Value) ?? throw new CliException($"{_tree.File}: line {alias.Start.Line}: "
                + $"*{alias.Value} stands for nothing that is complete there.");
        }

        if (!_parser.Accept<NodeEvent>(out NodeEvent? start))
        {
            throw new CliException($"{_tree.File}: a value is missing.");
        }

        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor] = null;
        }

        Node node = Read(depth);
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor] = node;
        }

        return node;
    }

    private Node Read(int depth)
    {
        if (_parser.TryConsume<Scalar>(out Scalar? scalar))
        {
            return new(scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" or "Null" or "NULL"
                ? null : scalar.Value, null, null);
        }

        if (_parser.TryConsume<SequenceStart>(out _))
        {
            var list = new List<Node>();
            while (!_parser.TryConsume<SequenceEnd>(out _))
            {
                list.Add(Next(depth + 1));
            }

            return new(null, list, null);
        }

        _parser.Consume<MappingStart>();
        var map = new List<(string, Node)>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            long line = _parser.Current?.Start.Line ?? 0;
            Node key = Next(depth + 1);
            map.Add((key is { List: null, Map: null, Scalar.Length: <= MostKey } ? key.Scalar : throw new CliException(
                $"{_tree.File}: line {line}: a key is one word of at most {MostKey} characters."), Next(depth + 1)));
        }

        return new(null, null, map);
    }

    // What << merges counts as if it stood here, where the map itself does not say it.
    private void Add(string path, List<(string Key, Node Node)> map, int depth)
    {
        // Aliases may nest deeper than what was read, and grow without a value.
        if (depth > ConfigTree.MostDepth || ++_nodes > 4 * ConfigTree.MostValues)
        {
            throw new CliException($"{_tree.File}: {path}: its anchors nest deeper than any training configuration.");
        }

        foreach ((string key, Node node) in map)
        {
            if (key == "<<" && node.Map is { } merged)
            {
                Add(path, [.. merged.Where(one => !map.Exists(own => own.Key == one.Key))], depth + 1);
                continue;
            }

            string name = path.Length == 0 ? key : $"{path}.{key}";
            if (node.Map is { } inner)
            {
                Add(name, inner, depth + 1);
            }
            else
            {
                _tree.Add(name, node.List is { } list
                    ? list.TrueForAll(item => item is { List: null, Map: null })
                        ? new([.. list.Select(item => item.Scalar ?? "")], true) : ConfigValue.Nested
                    : node.Scalar is { } scalar ? new([scalar]) : ConfigValue.Null);
            }
        }
    }

    private sealed record Node(string? Scalar, List<Node>? List, List<(string Key, Node Node)>? Map);
}
