using System.Globalization;
using LlmMath.Models;

namespace LlmMath.Placement.Adapters;

/// <summary>Whether names of an adapter mean modules of a model: whole segments, from the end.</summary>
internal static class ModuleName
{
    private const string Weight = ".weight";

    /// <summary>A tensor's module: its name without <c>.weight</c>.</summary>
    public static string Of(string tensor) =>
        tensor.EndsWith(Weight, StringComparison.Ordinal) ? tensor[..^Weight.Length] : tensor;

    /// <summary>Whether a name may tell layers apart: one of its segments is a number.</summary>
    public static bool NamesLayers(string name)
    {
        foreach (string segment in name.Split('.'))
        {
            if (int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a module's name ends with the segments of another.</summary>
    /// <param name="module">The module, with <c>{layer}</c> and <c>{expert}</c> where numbers stand.</param>
    /// <param name="end">The end of its name.</param>
    /// <param name="layer">The layer that it stands at; null for any.</param>
    public static bool Matches(ReadOnlySpan<char> module, ReadOnlySpan<char> end, int? layer)
    {
        while (true)
        {
            int dot = end.LastIndexOf('.'), other = module.LastIndexOf('.');
            if (!Same(module[(other + 1)..], end[(dot + 1)..], layer))
            {
                return false;
            }

            if (dot < 0)
            {
                return true;
            }

            if (other < 0)
            {
                return false;
            }

            end = end[..dot];
            module = module[..other];
        }
    }

    private static bool Same(ReadOnlySpan<char> segment, ReadOnlySpan<char> other, int? layer) => segment is TensorNames.Layer
        ? layer is { } at && int.TryParse(other, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number == at
        : segment.SequenceEqual(other);
}
