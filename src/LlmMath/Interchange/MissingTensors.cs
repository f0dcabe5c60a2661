using LlmMath.Models;

namespace LlmMath.Interchange;

/// <summary>What a file lacks: all of it counted, the first of it named.</summary>
internal sealed class MissingTensors
{
    /// <summary>Names beyond this are not kept: the largest models have some 70,000 tensors.</summary>
    public const int MostNamed = 100_000;

    private readonly List<string> _names = [];

    public long Count { get; private set; }

    public ValueList<string> Names => [.. _names];

    /// <summary>Adds those of a run whose experts were not found.</summary>
    public void Add(TensorRun run, HashSet<long> found) => Add(
        run.Count - found.Count, _names.Count < MostNamed ? Others(run, found) : []);

    /// <summary>Adds tensors.</summary>
    /// <param name="count">How many.</param>
    /// <param name="names">Their names, of which no more are made than are kept.</param>
    public void Add(long count, IEnumerable<string> names)
    {
        int named = (int)Math.Min(count, MostNamed - _names.Count);
        if (named > 0)
        {
            _names.AddRange(names.Take(named));
        }

        Count = checked(Count + count);
    }

    private static IEnumerable<string> Others(TensorRun run, HashSet<long> found)
    {
        for (long expert = 0; expert < run.Count; expert++)
        {
            if (!found.Contains(expert))
            {
                yield return run.At(expert).Name;
            }
        }
    }
}
