using System.Globalization;

namespace LlmMath.Cli.TrainConfig;

/// <summary>What configuration files say together, as options.</summary>
/// <param name="Files">The files.</param>
/// <param name="Model">The model that they name; null where none does.</param>
/// <param name="Words">Options, one each.</param>
internal sealed record ConfigAnswer(IReadOnlyList<ConfigReading> Files, string? Model, IReadOnlyList<ConfigWord> Words)
{
    private const long UsualSequence = 2048;

    // DeepSpeed's own file stands over what the program that calls it says of these.
    private static readonly string[] s_deepSpeeds = ["--optimizer", "--precision", "--sharding", "--gpus"];

    private static readonly string[] s_many = ["--offload", "--rank-pattern"];

    /// <summary>What was not understood and may matter, with its file.</summary>
    public IEnumerable<string> NotUnderstood =>
        Files.SelectMany(file => file.NotUnderstood.Select(path => $"{file.Tree.File}: {path}"));

    /// <summary>The same without options that the verb does not have, which are not understood.</summary>
    public ConfigAnswer For(IEnumerable<string> options)
    {
        HashSet<string> known = [.. options];
        Files[0].NotUnderstood.AddRange(Words.Where(word => !known.Contains(word.Option)).Select(word => word.Path));
        return this with { Words = [.. Words.Where(word => known.Contains(word.Option))] };
    }

    /// <summary>The options as arguments.</summary>
    public IEnumerable<string> Arguments => Words.Select(word => $"{word.Option}={word.Value}");

    /// <summary>Puts files together. What the command line says stands over all of them.</summary>
    /// <param name="files">What each says.</param>
    /// <param name="said">Options of the command line, with their values.</param>
    /// <param name="context">The longest sequence that the model was made for; null where that is not known.</param>
    /// <exception cref="CliException">Two files contradict each other, or something is left to a program that nothing
    /// resolves.</exception>
    public static ConfigAnswer Of(IReadOnlyList<ConfigReading> files, IReadOnlyDictionary<string, string> said, long? context)
    {
        try
        {
            return Together(files, said, context);
        }
        catch (OverflowException problem)
        {
            throw new CliException($"{files[0].Tree.File}: steps × batch × length are more than 2⁶³ − 1 tokens.", problem);
        }
    }

    private static ConfigAnswer Together(IReadOnlyList<ConfigReading> files, IReadOnlyDictionary<string, string> said,
        long? context)
    {
        List<ConfigWord> words = [.. files.SelectMany(file => file.Words.Select(word => (file, word)))
            .Where(one => !said.ContainsKey(one.word.Option)).GroupBy(one => one.word.Option).Select(One)];
        Precise(files, words);
        long? accumulation = files.Select(file => file.Accumulation).FirstOrDefault(number => number is not null);
        Resolve(files, words, said, accumulation);
        long Number(string option, long otherwise) => long.TryParse(
            said.GetValueOrDefault(option) ?? words.Find(word => word.Option == option)?.Value, NumberStyles.Integer,
            CultureInfo.InvariantCulture, out long value) && value > 0 ? value : otherwise;
        long shared = Number("--tp", 1) * Number("--pp", 1) * Number("--cp", 1), micro = Number("--micro-batch", 1);
        long batch = checked((accumulation ?? 1) * micro * Math.Max(1, Number("--gpus", 1) / shared));
        if (accumulation is not null && !Has("--global-batch"))
        {
            words.Add(new("--global-batch", batch.ToString(CultureInfo.InvariantCulture),
                "micro-batch × gradient_accumulation_steps × replicas", true));
        }

        bool writes = (said.GetValueOrDefault("--method") ?? words.Find(word => word.Option == "--method")?.Value)
            is "grpo" or "ppo";
        if (writes)
        {
            // Their sequences are prompts and answers, of which other options say the lengths.
            words.RemoveAll(word => word.Option == "--seq");
        }
        else if (!Has("--seq"))
        {
            words.Add(new("--seq", Math.Min(UsualSequence, context ?? UsualSequence).ToString(CultureInfo.InvariantCulture),
                "the length of a sequence, unsaid", false));
        }

        if (!Has("--tokens"))
        {
            long? steps = files.Select(file => file.Steps).FirstOrDefault(number => number is not null);
            words.Add(new("--tokens", checked((steps ?? 1) * Number("--global-batch", batch) * Number("--seq", UsualSequence))
                .ToString(CultureInfo.InvariantCulture), steps is null ? "one step: the data's size is not in the file"
                    : "max_steps × batch × sequence", steps is not null));
        }

        return new(files, files.Select(file => file.Model).FirstOrDefault(model => model is not null), words);

        bool Has(string option) => said.ContainsKey(option) || words.Exists(word => word.Option == option);
    }

    private static ConfigWord One(IGrouping<string, (ConfigReading File, ConfigWord Word)> same)
    {
        if (s_many.Contains(same.Key))
        {
            return same.First().Word with
            {
                Value = string.Join(',', same.SelectMany(one => one.Word.Value.Split(',')).Distinct()),
                Path = string.Join(", ", same.Select(one => one.Word.Path)),
            };
        }

        (ConfigReading File, ConfigWord Word)[] stated = [.. same.Where(one => one.Word.IsStated)];
        if (s_deepSpeeds.Contains(same.Key) && Array.Exists(stated, one => IsDeepSpeed(one.Word, one.File)))
        {
            stated = Array.FindAll(stated, one => IsDeepSpeed(one.Word, one.File));
        }

        (ConfigReading file, ConfigWord word) = stated.Length > 0 ? stated[0] : same.First();
        return Array.Find(stated, one => one.Word.Value != word.Value) is { Word: not null } other
            ? throw new CliException($"{other.File.Tree.File}: {other.Word.Path}: {other.Word.Value} contradicts "
                + $"{word.Value} of {file.Tree.File}, {word.Path}; say {same.Key}.")
            : word;
    }

    private static bool IsDeepSpeed(ConfigWord word, ConfigReading file) =>
        file.Tool == "DeepSpeed" || word.Path.StartsWith("deepspeed.", StringComparison.Ordinal);

    // Under DeepSpeed 16-bit runs have float32 copies that the optimizer works on.
    private static void Precise(IReadOnlyList<ConfigReading> files, List<ConfigWord> words)
    {
        int at = words.FindIndex(word => word.Option == "--precision");
        if (at >= 0 && words[at].Value is "bf16" or "fp16" or "pure-bf16" or "autocast" && files.Any(file =>
            file.Words.Exists(word => word.Option == "--sharding" && IsDeepSpeed(word, file))))
        {
            words[at] = words[at] with { Value = "mixed", Path = words[at].Path + ", with DeepSpeed" };
        }
    }

    private static void Resolve(IReadOnlyList<ConfigReading> files, List<ConfigWord> words,
        IReadOnlyDictionary<string, string> said, long? accumulation)
    {
        string[] open = [.. files.SelectMany(file => file.Autos.Select(auto => (file.Tree.File, auto.Option, auto.Path)))
            .Where(auto => !said.ContainsKey(auto.Option) && !words.Exists(word => word.Option == auto.Option)
                && !(auto.Option == ConfigFiles.Accumulate && accumulation is not null))
            .Select(auto => $"{auto.File}: {auto.Path} ({auto.Option})")];
        if (open.Length > 0)
        {
            throw new CliException($"{string.Join(", ", open)}: left to the program that reads the file, and nothing here says "
                + "it: give the option in brackets, or that program's file as a second --config.");
        }
    }
}
