using System.Globalization;
using LlmMath.Models;
using LlmMath.Models.Families;

namespace LlmMath.Interchange;

/// <summary>The numbers in a checkpoint's names: the layers and experts that it can hold. A definition may name billions of
/// tensors; those whose numbers stand nowhere need not be looked for.</summary>
internal sealed class NameNumbers
{
    // The last layers are those for multi-token prediction, which follow the decoder's.
    private const int MostLayers = 2 * ConfigReader.MaxLayers;

    private static readonly HashSet<long> s_none = [];

    private readonly HashSet<long> _layers = [];
    private readonly Dictionary<string, HashSet<long>> _experts = new(StringComparer.Ordinal);

    /// <param name="names">The checkpoint's names.</param>
    public NameNumbers(IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            Add(name);
        }
    }

    /// <summary>Whether the number of a layer stands in some name; a tensor outside the layers has none to look for.</summary>
    public bool HasLayer(int? layer) => layer is not { } number || _layers.Contains(number);

    /// <summary>The experts whose tensors can be there, ascending: the numbers that some name has in the place of
    /// <c>{expert}</c>, the last number of a name. Of one tensor 0, where its layer can be there.</summary>
    /// <param name="run">The tensors.</param>
    /// <param name="prefix">The names under which they may stand.</param>
    public IEnumerable<long> Experts(TensorRun run, PrefixChange prefix)
    {
        if (!HasLayer(run.Layer))
        {
            return [];
        }

        if (!run.Kind.IsPerExpert)
        {
            return [0];
        }

        string name = run.Name;
        return prefix.Names(name.Substring(0, name.IndexOf(TensorNames.Expert, StringComparison.Ordinal)))
            .SelectMany(before => _experts.TryGetValue(before, out HashSet<long>? numbers) ? numbers : s_none)
            .Where(expert => expert < run.Count).Distinct().Order();
    }

    private void Add(string name)
    {
        (int start, long number) last = (-1, 0);
        for (int start = 0; start < name.Length;)
        {
            int end = name.IndexOf('.', start) is >= 0 and var dot ? dot : name.Length;
            if (long.TryParse(name.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                last = (start, number);
                if (number < MostLayers)
                {
                    _layers.Add(number);
                }
            }

            start = end + 1;
        }

        if (last.start < 0)
        {
            return;
        }

        string before = name.Substring(0, last.start);
        if (!_experts.TryGetValue(before, out HashSet<long>? numbers))
        {
            _experts.Add(before, numbers = []);
        }

        numbers.Add(last.number);
    }
}
