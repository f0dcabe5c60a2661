using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>Which layers attend to a window only, in the fields that configs share: <c>sliding_window</c>,
/// <c>use_sliding_window</c>, <c>layer_types</c>.</summary>
internal static class SlidingWindows
{
    /// <summary>The window's width; null where the field says null. A missing field takes the reference's default, null for
    /// none.</summary>
    public static long? Window(this ConfigReader c, long? fallback) => c.SizeOrNull("sliding_window", fallback);

    /// <summary>The window's width where <c>use_sliding_window</c> says true; null, whatever the width, where it says false or
    /// nothing.</summary>
    public static long? SwitchedWindow(this ConfigReader c, long? fallback) =>
        c.Idle("sliding_window", "max_window_layers").Flag("use_sliding_window", false) ? c.Window(fallback) : null;

    /// <summary>The same attention within a window; as it is where there is none.</summary>
    public static GroupedQueryAttention Within(this GroupedQueryAttention a, long? window) => window is { } width
        ? new SlidingWindowAttention
        {
            HiddenSize = a.HiddenSize,
            Heads = a.Heads,
            KeyValueHeads = a.KeyValueHeads,
            HeadDim = a.HeadDim,
            ValueHeadDim = a.ValueHeadDim,
            SharesKeyValueCache = a.SharesKeyValueCache,
            Window = width,
        }
        : a;

    /// <summary>Each layer's attention: full or within the window as <c>layer_types</c> lists it, or by the reference's
    /// rule.</summary>
    /// <param name="a">The full attention.</param>
    /// <param name="c">The config.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="window">The window's width; null where there is none, and all layers are full.</param>
    /// <param name="slides">Whether a layer has the window, where there is one and <c>layer_types</c> is missing.</param>
    public static ValueList<GroupedQueryAttention> ByLayer(this GroupedQueryAttention a, ConfigReader c, int layers, long? window,
        Func<int, bool> slides)
    {
        GroupedQueryAttention sliding = a.Within(window);
        Func<int, bool>? listed = c.Words("layer_types", layers, yes: "sliding_attention", no: "full_attention");
        return [.. Enumerable.Range(0, layers).Select(layer =>
            !(listed ?? slides)(layer) ? a
            : listed is null || window is not null ? sliding
            : throw c.Invalid("sliding_window",
                "must be a width, and in use, as layer_types has \"sliding_attention\"; it is missing or switched off."))];
    }
}
