using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LlmMath.Cli.Yaml;

/// <summary>A value of a YAML file: a text, a list or a map. Null texts are what YAML calls null.</summary>
internal sealed record YamlTree(string? Scalar, IReadOnlyList<YamlTree>? List, IReadOnlyList<(string Key, YamlTree Value)>? Map)
{
    /// <summary>The value of a key; null where it is no map or has no such key.</summary>
    public YamlTree? this[string key] => Map?.FirstOrDefault(field => field.Key == key).Value;

    /// <summary>The documents of a file, by the parser's events: nothing is made of types that a file names.</summary>
    /// <param name="file">How errors call it.</param>
    /// <param name="text">Its text.</param>
    /// <param name="mostValues">Values that it may have.</param>
    /// <param name="mostDepth">How deep they may nest.</param>
    /// <exception cref="CliException">It is no YAML, too deep, or has too many values.</exception>
    public static IReadOnlyList<YamlTree> Read(string file, string text, int mostValues, int mostDepth)
    {
        try
        {
            return new YamlReader(file, text, mostValues, mostDepth).Documents();
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

    private sealed class YamlReader(string file, string text, int mostValues, int mostDepth)
    {
        private const int MostKey = 200;

        private readonly Parser _parser = new(new StringReader(text));
        private readonly Dictionary<AnchorName, YamlTree?> _anchors = [];
        private int _nodes;

        public List<YamlTree> Documents()
        {
            var documents = new List<YamlTree>();
            _parser.Consume<StreamStart>();
            while (_parser.TryConsume<DocumentStart>(out _))
            {
                _anchors.Clear();
                documents.Add(Next(0));
                _parser.Consume<DocumentEnd>();
            }

            return documents;
        }

        private YamlTree Next(int depth)
        {
            if (depth > mostDepth || ++_nodes > mostValues)
            {
                throw new CliException($"{file}: line {_parser.Current?.Start.Line}: it is nested deeper, or has more values, "
                    + "than is read.");
            }

            if (_parser.TryConsume<AnchorAlias>(out AnchorAlias? alias))
            {
                return _anchors.GetValueOrDefault(alias.Value) ?? throw new CliException($"{file}: line {alias.Start.Line}: "
                    + $"*{alias.Value} stands for nothing that is complete there.");
            }

            if (!_parser.Accept<NodeEvent>(out NodeEvent? start))
            {
                throw new CliException($"{file}: a value is missing.");
            }

            AnchorName anchor = start.Anchor;
            if (!anchor.IsEmpty)
            {
                _anchors[anchor] = null;
            }

            YamlTree node = Value(depth);
            if (!anchor.IsEmpty)
            {
                _anchors[anchor] = node;
            }

            return node;
        }

        private YamlTree Value(int depth)
        {
            if (_parser.TryConsume<Scalar>(out Scalar? scalar))
            {
                return new(scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" or "Null" or "NULL"
                    ? null : scalar.Value, null, null);
            }

            if (_parser.TryConsume<SequenceStart>(out _))
            {
                var list = new List<YamlTree>();
                while (!_parser.TryConsume<SequenceEnd>(out _))
                {
                    list.Add(Next(depth + 1));
                }

                return new(null, list, null);
            }

            _parser.Consume<MappingStart>();
            var map = new List<(string, YamlTree)>();
            while (!_parser.TryConsume<MappingEnd>(out _))
            {
                long line = _parser.Current?.Start.Line ?? 0;
                YamlTree key = Next(depth + 1);
                map.Add((key is { List: null, Map: null, Scalar.Length: <= MostKey } ? key.Scalar : throw new CliException(
                    $"{file}: line {line}: a key is one word of at most {MostKey} characters."), Next(depth + 1)));
            }

            return new(null, null, map);
        }
    }
}
