using System.Diagnostics.CodeAnalysis;
using LlmMath.Basics;

namespace LlmMath;

/// <summary>A model's name as Ollama, GGUF repositories and people write it: <c>llama3.1:8b-instruct-q4_K_M</c>,
/// <c>bartowski/Meta-Llama-3.1-8B-Instruct-GGUF</c>, <c>hf.co/unsloth/gpt-oss-20b-GGUF:Q8_0</c>.</summary>
internal sealed class ModelName
{
    // A longer name is none; it costs nothing then.
    private const int MostLength = 200;

    // Hosts that Ollama takes before a repository's name.
    private static readonly string[] s_hosts =
        ["hf.co/", "huggingface.co/", "ollama.com/library/", "registry.ollama.ai/library/"];

    // Words that tell no shape from another: who published it, in which kind of file, after which quantization, for which tag.
    private static readonly string[] s_noise =
        ["meta", "gguf", "ggml", "imatrix", "imat", "i1", "ud", "qat", "latest", "hf"];

    private static readonly string[] s_files = [".gguf", ".json", ".safetensors"];

    // What a model was tuned for: a shape that the catalog has under one of these is that of the others.
    private static readonly string[] s_tuned = ["instruct", "it", "chat", "base", "pt"];

    private ModelName(IReadOnlyList<string> words, WeightFormat? weights) => (Words, Weights) = (words, weights);

    /// <summary>Its words and numbers, in small letters, without those that tell no shape from another.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The format that it says; null where it says none that is known.</summary>
    public WeightFormat? Weights { get; }

    /// <summary>Its words, one after the other.</summary>
    public string Plain => string.Join(" ", Words);

    /// <summary>The same, whatever it was tuned for.</summary>
    public string Shape => string.Join(" ", Words.Where(word => !s_tuned.Contains(word)));

    /// <summary>The entry that a name means: the one whose words are the same, or else are the same but for what it was tuned
    /// for; none where there are several, or where it is the name of a file.</summary>
    public static bool TryFind(Catalog<ModelDefinition> entries, string name, [NotNullWhen(true)] out ModelDefinition? entry)
    {
        entry = null;
        return !IsFile(name) && (entries.TryFind(name, other => Of(other).Plain, out entry)
            || entries.TryFind(name, other => Of(other).Shape, out entry));
    }

    /// <summary>The names that have all the words of one, the shortest first; where there is none, those spelt alike.</summary>
    public static IReadOnlyList<string> Nearest(Catalog<ModelDefinition> entries, string name)
    {
        IReadOnlyList<string> asked = Of(name).Words;
        string[] same = [.. entries.Names.Where(other => asked.Count > 0 && asked.All(Of(other).Words.Contains))
            .OrderBy(other => other.Length).ThenBy(other => other, StringComparer.Ordinal).Take(5)];
        return same.Length > 0 ? same : entries.Nearest(name[(name.LastIndexOf('/') + 1)..]);
    }

    /// <summary>Reads a name.</summary>
    public static ModelName Of(string name)
    {
        if (name.Length > MostLength)
        {
            return new([name], null);
        }

        string text = name.ToLowerInvariant();
        text = s_hosts.Where(host => text.StartsWith(host, StringComparison.Ordinal)).Select(host => text[host.Length..])
            .FirstOrDefault() ?? text;
        text = text[(text.LastIndexOf('/') + 1)..];
        WeightFormat? weights = null;
        string[] parts = text.Split(['-', ':', ' '], StringSplitOptions.RemoveEmptyEntries);
        var words = new List<string>();
        for (int i = 0; i < parts.Length; i++)
        {
            // A format stands behind the name: q4_K_M, and none of "q" in qwen.
            if (i > 0 && FormatOf(parts[i]) is { } format)
            {
                weights = format;
            }
            else if (!(i > 0 && IsFormat(parts[i])) && !s_noise.Contains(parts[i]))
            {
                words.AddRange(NameWords.Of(parts[i]));
            }
        }

        return new(words, weights);
    }

    private static bool IsFile(string name) => name.Contains("://", StringComparison.Ordinal)
        || name.StartsWith("hf:", StringComparison.OrdinalIgnoreCase) || name.Contains('\\', StringComparison.Ordinal)
        || s_files.Any(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase));

    private static WeightFormat? FormatOf(string word)
    {
        string name = word switch
        {
            "mxfp4" => "mxfp4_moe",
            "f16" or "fp16" => "gguf-f16",
            "bf16" => "gguf-bf16",
            _ => word,
        };
        return IsFormat(word) && WeightFormat.TryFind(name, out WeightFormat? format) ? format : null;
    }

    // q4_0, iq4_xs, bf16; Unsloth's q4_k_xl, for which no format stands here, is one all the same.
    private static bool IsFormat(string word) => word is "f16" or "fp16" or "bf16" or "f32" or "mxfp4"
        || (word.Contains('_', StringComparison.Ordinal) && word.TrimStart('i') is ['q' or 't', ..]);
}
