using System.Text;

namespace LlmMath.Cli.TrainConfig;

/// <summary>Reads configuration files of training programs.</summary>
internal static class ConfigFiles
{
    /// <summary>Not an option of the tool: what a file leaves to its program, of how many passes make a step.</summary>
    public const string Accumulate = "--global-batch";

    // By the keys that no other program's file has, the most telling first.
    private static readonly (string Tool, string Keys, string[] Any, Action<ConfigReading> Read)[] s_tools =
    [
        ("PEFT", "peft_type", ["peft_type"], PeftKeys.Read),
        ("axolotl", "base_model", ["base_model"], AxolotlKeys.Read),
        ("LLaMA-Factory", "finetuning_type", ["finetuning_type"], TransformersKeys.Read),
        ("TrainingArguments", "per_device_train_batch_size", ["per_device_train_batch_size", "num_train_epochs", "optim"],
            TransformersKeys.Read),
        ("DeepSpeed", "zero_optimization", ["zero_optimization", "train_micro_batch_size_per_gpu", "train_batch_size"],
            DeepSpeedKeys.Read),
    ];

    /// <summary>Reads files, and those that they name.</summary>
    /// <exception cref="CliException">One cannot be read, or is of no program that is known; the message names file and
    /// key.</exception>
    public static List<ConfigReading> Read(IEnumerable<string> files)
    {
        var all = new List<ConfigReading>();
        foreach (string file in files)
        {
            ConfigReading one = Of(file, Load(file));
            all.Add(one);
            foreach ((string beside, string path) in one.Beside)
            {
                string inside = Path.Combine(Path.GetDirectoryName(file) ?? "", beside);
                string found = Array.Find([inside, beside], File.Exists)
                    ?? throw new CliException($"{file}: {path}: \"{beside}\" is not a file here or beside it; give it as a "
                        + "second --config, or leave the key out and say --sharding.");
                all.Add(Of(found, Load(found)));
            }
        }

        return all;
    }

    /// <summary>A file's text, as what it is.</summary>
    /// <exception cref="CliException">It is of no program that is known, or says what cannot be.</exception>
    public static ConfigReading Of(string file, ReadOnlyMemory<byte> text)
    {
        string start = Encoding.UTF8.GetString(text.Span[..Math.Min(text.Length, 1000)])
            .TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        ConfigTree tree = start.StartsWith('{') || start.StartsWith('[') ? JsonConfig.Read(file, text)
            : YamlConfig.Read(file, Encoding.UTF8.GetString(text.Span));
        foreach ((string tool, _, string[] any, Action<ConfigReading> read) in s_tools)
        {
            if (Array.Exists(any, tree.Has))
            {
                var reading = new ConfigReading(tree, tool);
                read(reading);
                return reading;
            }
        }

        throw new CliException($"{file}: {Other(tree)} Training configurations are known by a key: "
            + string.Join(", ", s_tools.Select(tool => $"{tool.Keys} ({tool.Tool})")) + ".");
    }

    private static string Other(ConfigTree tree) => tree.Has("architectures") || tree.Has("hidden_size")
        ? "a model's config.json: llmmath train takes it as MODEL."
        : tree.Has("compute_environment") || tree.Has("distributed_type") ? "accelerate's configuration is not read."
        : $"its keys are {string.Join(", ", tree.Names.Take(5))}.";

    private static ReadOnlyMemory<byte> Load(string file)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            byte[] text = new byte[ConfigTree.MostBytes + 1];
            int length = stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return length <= ConfigTree.MostBytes ? text.AsMemory(0, length)
                : throw new CliException($"{file}: it is larger than 1 MiB: no training configuration is.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"--config: {problem.Message}", problem);
        }
    }
}
