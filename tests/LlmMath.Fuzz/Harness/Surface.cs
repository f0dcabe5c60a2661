namespace LlmMath.Fuzz;

/// <summary>Something that takes anyone's input, and what must be true of it whatever the input is.</summary>
/// <param name="Name">Its name, after that of its group: <c>readers/config</c>.</param>
/// <param name="Property">What is asked of every input, in words, for the table.</param>
/// <param name="Try">Makes an input from the trial's numbers and gives it to the surface; whether it was accepted. Throws
/// <see cref="PropertyException"/> where a property does not hold.</param>
/// <param name="MostBytes">Bytes that one input may allocate.</param>
internal sealed record Surface(string Name, string Property, Func<Trial, bool> Try, long MostBytes = 300_000_000);

/// <summary>The surfaces, in the order of the table.</summary>
internal static class Surfaces
{
    public static IReadOnlyList<Surface> All { get; } =
    [
        Readers.ConfigSurface.Surface, Readers.GgufSurface.Surface, Readers.SafetensorsSurface.Header,
        Readers.SafetensorsSurface.Index, Readers.TrainConfigSurface.Surface,
        Estimates.MemorySurface.Surface, Estimates.SpeedSurface.Surface,
        Numerics.FormatSurface.Surface, Numerics.ProductSurface.Surface,
        CommandLine.CommandSurface.Surface,
        Generator.DefinitionSurface.Surface, Generator.TextSurface.Surface,
    ];

    /// <summary>The surfaces of a name, or of a group.</summary>
    public static IReadOnlyList<Surface> Of(string name) =>
        [.. All.Where(surface => surface.Name == name || surface.Name.StartsWith(name + "/", StringComparison.Ordinal))];
}
