using System.Globalization;
using static LlmMath.Basics.NumberText;

namespace LlmMath.Interchange;

/// <summary>
/// A checkpoint split into several GGUF files: each is a file of its own; the first, number 0, has the model's metadata, all have
/// <c>split.no</c>, <c>split.count</c> and <c>split.tensors.count</c>.
/// Source: ggml-org/llama.cpp, src/llama-model-loader.cpp and src/llama.cpp (llama_split_path), commit 82bb48500a9a.
/// </summary>
internal static class GgufShards
{
    private const string CountKey = "split.count", NumberKey = "split.no", TensorsKey = "split.tensors.count";
    private const int MaxShards = 10_000;

    public static CheckpointHeader Read(string name, Func<string, Stream> open)
    {
        string firstName = NameOf(name, 0) ?? name;
        CheckpointHeader first = ReadOne(firstName, open);
        if (Whole(first, CountKey) is not (> 1 and var count))
        {
            return first;
        }

        if (count > MaxShards || NameOf(name, 0) is null)
        {
            throw Invalid(CountKey, count > MaxShards
                ? $"must be at most {N(MaxShards)}; it is {N(count)}."
                : $"is {N(count)}: the names of the files must end in "
                    + $"-00001-of-{count.ToString("D5", CultureInfo.InvariantCulture)}.gguf.", firstName);
        }

        var tensors = new List<StoredTensor>();
        var held = new HashSet<string>(StringComparer.Ordinal);
        for (int number = 0; number < count; number++)
        {
            string file = NameOf(name, number)!;
            CheckpointHeader shard = number == 0 ? first : ReadOne(file, open);
            if (Whole(shard, CountKey) != count || Whole(shard, NumberKey) != number)
            {
                throw Invalid(NumberKey, $"must be {N(number)} of {N(count)}, as the file's name says.", file);
            }

            foreach (StoredTensor tensor in (IEnumerable<StoredTensor>)shard.Tensors)
            {
                tensors.Add(
                    held.Add(tensor.Name) ? tensor : throw Invalid(tensor.Name, "is in another file of the set too.", file));
            }
        }

        return (Whole(first, TensorsKey) ?? tensors.Count) is var total && total == tensors.Count
            ? first with { Tensors = [.. tensors] }
            : throw Invalid(TensorsKey, $"says {N(total)}, but the {N(count)} files hold {N(tensors.Count)} tensors.", firstName);
    }

    private static CheckpointHeader ReadOne(string file, Func<string, Stream> open)
    {
        using Stream stream = open(file);
        return Gguf.ReadHeader(stream, file);
    }

    // model-00002-of-00005.gguf, with five digits or more.
    private static string? NameOf(string name, int number)
    {
        const string suffix = ".gguf", of = "-of-";
        if (!name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        int end = name.Length - suffix.Length, separator = name.LastIndexOf(of, end - 1, StringComparison.Ordinal);
        int dash = separator > 0 ? name.LastIndexOf('-', separator - 1) : -1;
        return dash >= 0 && IsNumber(name.AsSpan(dash + 1, separator - dash - 1))
            && IsNumber(name.AsSpan(separator + of.Length, end - separator - of.Length))
            ? string.Concat(
                name.AsSpan(0, dash + 1), (number + 1).ToString("D5", CultureInfo.InvariantCulture), name.AsSpan(separator))
            : null;
    }

    private static bool IsNumber(ReadOnlySpan<char> text)
    {
        foreach (char letter in text)
        {
            if (!char.IsAsciiDigit(letter))
            {
                return false;
            }
        }

        return text.Length >= 5;
    }

    private static long? Whole(CheckpointHeader header, string key) => header.Metadata[key]?.Integer;

    private static DefinitionException Invalid(string field, string problem, string file) =>
        new DefinitionException(DefinitionFault.InvalidValue, field, problem).In(file);
}
