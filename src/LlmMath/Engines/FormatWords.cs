namespace LlmMath.Engines;

/// <summary>The words by which an engine's file names groups of weight formats.</summary>
internal static class FormatWords
{
    /// <summary>The word of a group: <c>mixed-precision</c>.</summary>
    public static string Of(FormatGroup group) => group switch
    {
        FormatGroup.Plain => "plain",
        FormatGroup.MixedPrecision => "mixed-precision",
        FormatGroup.Checkpoint => "checkpoint",
        FormatGroup.Gguf => "gguf",
        FormatGroup.Mlx => "mlx",
        FormatGroup.Exl2 => "exl2",
        FormatGroup.Exl3 => "exl3",
        _ => "mlc",
    };

    /// <summary>Every word that a list of weight formats may hold: groups and names.</summary>
    public static IEnumerable<string> OfWeights =>
        WeightFormat.All.Select(format => Of(format.Group)).Distinct().Concat(WeightFormat.All.Select(format => format.Name));

    /// <summary>Every word that a list of cache formats may hold.</summary>
    public static IEnumerable<string> OfCaches => CacheFormat.All.Select(format => format.Name);
}
