using LlmMath.Cli.Yaml;

namespace LlmMath.Cli.TrainConfig;

/// <summary>Reads a configuration that is YAML.</summary>
internal sealed class YamlConfig
{
    private readonly ConfigTree _tree;
    private int _added;

    private YamlConfig(string file) => _tree = new(file);

    /// <summary>The file's values.</summary>
    /// <exception cref="CliException">It is no YAML mapping, too deep, has a key twice, or aliases without end.</exception>
    public static ConfigTree Read(string file, string text)
    {
        IReadOnlyList<YamlTree> documents = YamlTree.Read(file, text, 2 * ConfigTree.MostValues, ConfigTree.MostDepth);
        if (documents.Count != 1)
        {
            throw new CliException(documents.Count == 0 ? $"{file}: it is empty."
                : $"{file}: one document is right; another one follows.");
        }

        var config = new YamlConfig(file);
        config.Add("", documents[0].Map
            ?? throw new CliException($"{file}: keys with values are right, as in base_model: NAME."), 0);
        return config._tree;
    }

    // What << merges counts as if it stood here, where the map itself does not say it.
    private void Add(string path, IEnumerable<(string Key, YamlTree Value)> map, int depth)
    {
        // Aliases may nest deeper than what was read, and grow without a value.
        if (depth > ConfigTree.MostDepth || ++_added > 2 * ConfigTree.MostValues)
        {
            throw new CliException($"{_tree.File}: {path}: its anchors nest deeper than any training configuration.");
        }

        foreach ((string key, YamlTree node) in map)
        {
            if (key == "<<" && node.Map is { } merged)
            {
                Add(path, [.. merged.Where(one => map.All(own => own.Key != one.Key))], depth + 1);
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
                    ? list.All(item => item is { List: null, Map: null })
                        ? new([.. list.Select(item => item.Scalar ?? "")], true) : ConfigValue.Nested
                    : node.Scalar is { } scalar ? new([scalar]) : ConfigValue.Null);
            }
        }
    }
}
