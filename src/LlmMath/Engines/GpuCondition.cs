using LlmMath.Basics;

namespace LlmMath.Engines;

/// <summary>Which GPUs something holds for: those that meet all that is stated.</summary>
public sealed record GpuCondition
{
    /// <summary>Every GPU.</summary>
    public static GpuCondition Any { get; } = new();

    /// <summary>Its vendor is one of these, as <see cref="Gpu.Vendor"/> names it; any where the list is empty.</summary>
    public ValueList<string> Vendors { get; init; } = [];

    /// <summary>Its vendor is none of these.</summary>
    public ValueList<string> NotVendors { get; init; } = [];

    /// <summary>Its architecture is one of these, as <see cref="Gpu.Architecture"/> names it; any where the list is
    /// empty.</summary>
    public ValueList<string> Architectures { get; init; } = [];

    /// <summary>Its architecture is none of these.</summary>
    public ValueList<string> NotArchitectures { get; init; } = [];

    /// <summary>It is one of these entries of the GPU catalog; any where the list is empty.</summary>
    public ValueList<string> Gpus { get; init; } = [];

    /// <summary>Its memory is known and below so many gibibytes, above 0; null where memory does not matter.</summary>
    public double? MemoryBelowGibibytes { get; init; }

    /// <summary>Its memory is known and of so many gibibytes or more, above 0; null where memory does not matter.</summary>
    public double? MemoryFromGibibytes { get; init; }

    /// <summary>Whether a GPU meets it.</summary>
    /// <param name="gpu">The GPU.</param>
    public bool Matches(Gpu gpu) => (Vendors.Count == 0 || Has(Vendors, gpu.Vendor))
        && !Has(NotVendors, gpu.Vendor)
        && (Architectures.Count == 0 || Has(Architectures, gpu.Architecture))
        && !Has(NotArchitectures, gpu.Architecture)
        && (Gpus.Count == 0 || Has(Gpus, gpu.Name))
        && (MemoryBelowGibibytes is not { } most || gpu.Memory?.Gibibytes < most)
        && (MemoryFromGibibytes is not { } least || gpu.Memory?.Gibibytes >= least);

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(GpuCondition), PrintMembers);

    private static bool Has(ValueList<string> words, string? word)
    {
        foreach (string other in words)
        {
            if (string.Equals(other, word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
