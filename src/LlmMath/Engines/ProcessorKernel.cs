using System.ComponentModel;
using LlmMath.Basics;

namespace LlmMath.Engines;

/// <summary>How a processor's kernel goes through a matrix, which decides the share of its peak that a prompt reaches.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum ProductKernel
{
    /// <summary>Several rows lie interleaved and are unpacked once for several tokens: the share that the others are factors
    /// on.</summary>
    Interleaved,

    /// <summary>Tiles of rows times tokens, unpacked as they lie in the file.</summary>
    Tiled,

    /// <summary>A row with a token at a time: each token unpacks the row again.</summary>
    Rows,

    /// <summary>The same where unpacking looks groups of elements up in a table, a load for each group.</summary>
    Grid,
}

/// <summary>Which kernel an engine multiplies number formats by on a processor.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Types">Formats as GGUF names them; empty for all.</param>
/// <param name="Instructions">What the processor must have, as <see cref="Gpu.Instructions"/>; null where all have it.</param>
/// <param name="Since">Month of the first build that has it: 2025-03; null where all builds that are told apart have it.</param>
/// <param name="IsWithoutGpu">Whether matrices are only laid out so where no GPU is there to copy them.</param>
/// <param name="IsWithoutExperts">Whether experts are multiplied otherwise.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ProcessorKernel(ProductKernel Kernel, ValueList<string> Types, string? Instructions = null,
    string? Since = null, bool IsWithoutGpu = false, bool IsWithoutExperts = false)
{
    /// <summary>Whether it multiplies a format on a processor.</summary>
    internal bool Multiplies(string type, bool isExpert, bool isBesideGpu, ValueList<string> instructions) =>
        (Types.Count == 0 || Types.Contains(type)) && (Instructions is null || instructions.Contains(Instructions))
        && !(IsWithoutGpu && isBesideGpu) && !(IsWithoutExperts && isExpert);

    /// <summary>The kernel of a format: of the first line that multiplies it, else row by row; interleaved where nothing is known
    /// of an engine's kernels.</summary>
    internal static ProductKernel Of(ValueList<ProcessorKernel> kernels, string type, bool isExpert, bool isBesideGpu,
        ValueList<string> instructions)
    {
        foreach (ProcessorKernel kernel in kernels)
        {
            if (kernel.Multiplies(type, isExpert, isBesideGpu, instructions))
            {
                return kernel.Kernel;
            }
        }

        return kernels.Count == 0 ? ProductKernel.Interleaved : ProductKernel.Rows;
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(ProcessorKernel), PrintMembers);
}
