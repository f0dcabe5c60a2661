using System.CommandLine;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary>The size of a memory that GPU and processor share. Such a chip is sold with several, of which the catalog holds the
/// largest; of other GPUs each size is an entry of its own.</summary>
internal static class SoldMemory
{
    private const string Name = "--memory";

    public static Option<int?> Option() => new(Name)
    {
        Description =
            "Gigabytes, as sold, of a GPU that shares the system's memory (Apple's, DGX Spark); the largest that is sold "
            + "unless given.",
        HelpName = "GB",
    };

    /// <summary>The GPU with so much of it.</summary>
    /// <exception cref="CliException">The GPU has a memory of its own, or is not sold with so much.</exception>
    public static Gpu Of(Gpu gpu, int? gigabytes)
    {
        if (gigabytes is not { } size)
        {
            return gpu;
        }

        long most = (gpu.Memory ?? default).Bytes >> 30;
        return !gpu.HasUnifiedMemory
            ? throw new CliException($"{Name}: {gpu} has a memory of its own; another size is another entry. See: llmmath gpus")
            : size < 1 || size > most
            ? throw new CliException($"{Name}: 1 to {N(most)} is right for {gpu}; it is {N(size)}.")
            // What was measured as usable was so of the largest.
            : gpu with { Memory = new((long)size << 30), UsableMemory = null };
    }
}
