using System.Buffers;
using System.Globalization;

namespace LlmMath.Cli.TrainConfig;

/// <summary>What one file says, in words of the command line, while it is read: which key gave which option, what only the
/// program that the file is for would choose, and what was not understood.</summary>
/// <param name="tree">The file's values.</param>
/// <param name="tool">Whose file it is.</param>
internal sealed class ConfigReading(ConfigTree tree, string tool)
{
    private static readonly SearchValues<char> s_patterns = SearchValues.Create("()|*^$\\ ,=");

    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>The file.</summary>
    public ConfigTree Tree { get; } = tree;

    /// <summary>Whose file it is: <c>axolotl</c>.</summary>
    public string Tool { get; } = tool;

    /// <summary>The model that it names; null where it names none.</summary>
    public string? Model { get; set; }

    /// <summary>Options that it states.</summary>
    public List<ConfigWord> Words { get; } = [];

    /// <summary>Options that it leaves to its program: where nothing else says them, they are not known.</summary>
    public List<(string Option, string Path)> Autos { get; } = [];

    /// <summary>Other files that it names, and by which key.</summary>
    public List<(string File, string Path)> Beside { get; } = [];

    /// <summary>What is not understood and may matter.</summary>
    public List<string> NotUnderstood { get; } = [];

    /// <summary>Passes whose gradients are added up before a step; null where it does not say.</summary>
    public long? Accumulation { get; set; }

    /// <summary>Steps of the run; null where it does not say.</summary>
    public long? Steps { get; set; }

    /// <summary>A key's value, which counts as read; null where there is none.</summary>
    public ConfigValue? Value(string path)
    {
        _read.Add(path);
        return Tree.Value(path);
    }

    /// <summary>Whether a key switches something on; what else it may say is named.</summary>
    public bool IsOn(string path)
    {
        ConfigValue? value = Value(path);
        if (value is { IsOn: false, IsOff: false })
        {
            throw Wrong(path, "true or false", value);
        }

        return value is { IsOn: true };
    }

    /// <summary>One word; null where nothing is said.</summary>
    public string? Word(string path) => Value(path) is not { IsOff: false } value ? null
        : value.IsList ? throw Wrong(path, "one word", value) : value.Items[0];

    /// <summary>A whole number from 1; null where nothing is said, or the program that reads the file is to choose.</summary>
    public long? Count(string path)
    {
        if (Value(path) is not { } value || value.IsAuto)
        {
            return null;
        }

        // Python writes large ones as 1e9.
        return !value.IsList
            && double.TryParse(value.Items[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && number is >= 1 and <= 1e15 && number == Math.Floor(number)
            ? (long)number : throw Wrong(path, "a whole number from 1", value);
    }

    /// <summary>A key that states an option as it is.</summary>
    public void Say(string option, string value, string path) => Words.Add(new(option, value, path, IsStated: true));

    /// <summary>What the program takes where the file does not say.</summary>
    public void Unsaid(string option, string value, string path) =>
        Words.Add(new(option, value, path + ", unsaid", IsStated: false));

    /// <summary>A whole number that states an option, <c>auto</c> included; what the program takes where nothing is said.
    /// </summary>
    public void SayCount(string option, string path, string? otherwise = null)
    {
        if (Value(path) is { IsAuto: true })
        {
            Autos.Add((option, path));
        }
        else if (Count(path) is { } number)
        {
            Say(option, number.ToString(CultureInfo.InvariantCulture), path);
        }
        else if (otherwise is not null)
        {
            Unsaid(option, otherwise, path);
        }
    }

    /// <summary>A word that states an option by a table, whatever its case.</summary>
    public void SayByTable(string option, string path, IReadOnlyDictionary<string, string> table)
    {
        if (Word(path) is { } word)
        {
            Say(option, table.TryGetValue(word.ToLowerInvariant(), out string? known) ? known : throw Wrong(path,
                string.Join(", ", table.Keys), Value(path)!), path);
        }
    }

    /// <summary>Whether a text is a module's name, not a pattern.</summary>
    public static bool IsName(string text) => text.AsSpan().IndexOfAny(s_patterns) < 0;

    /// <summary>Names that an option lists.</summary>
    public void SayNames(string option, string path)
    {
        if (Value(path) is { IsOff: false } value && value.Items.Count > 0)
        {
            if (!value.Items.All(IsName))
            {
                NotUnderstood.Add($"{path}: a pattern, not names: {option} says the names");
            }
            else
            {
                Say(option, value.Text, path);
            }
        }
    }

    /// <summary>Lists what was not read: not what is switched off, nor what changes no size and no time.</summary>
    /// <param name="idle">Names that change none; <c>wandb_*</c> for all that begin so.</param>
    public void Finish(string idle)
    {
        string[] names = idle.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string[] starts = [.. names.Where(name => name.EndsWith('*')).Select(name => name[..^1])];
        HashSet<string> exact = [.. names];
        NotUnderstood.AddRange(Tree.Paths.Where(path => !_read.Contains(path) && Tree.Value(path) is { IsOff: false }
            && !exact.Contains(path) && !exact.Contains(path.Split('.', 2)[0])
            && !starts.Any(start => path.StartsWith(start, StringComparison.Ordinal))));
    }

    /// <summary>The error of a value.</summary>
    public CliException Wrong(string path, string right, ConfigValue value)
    {
        string text = value.Text;
        return new($"{Tree.File}: {path}: {right} is right; it is \"{(text.Length > 40 ? text[..40] + "…" : text)}\".");
    }
}

/// <summary>An option that a file states.</summary>
/// <param name="Option">The option: <c>--rank</c>.</param>
/// <param name="Value">Its value.</param>
/// <param name="Path">The key.</param>
/// <param name="IsStated">Whether the file says it; else its program takes it where nothing is said.</param>
internal sealed record ConfigWord(string Option, string Value, string Path, bool IsStated);
