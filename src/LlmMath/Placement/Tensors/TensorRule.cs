using System.Globalization;
using System.Text.RegularExpressions;
using LlmMath.Basics;

namespace LlmMath.Architectures;

/// <summary>Where a tensor lies.</summary>
public enum TensorHome
{
    /// <summary>In a GPU's memory.</summary>
    Gpu,

    /// <summary>In system memory, where the processor multiplies it.</summary>
    Host,
}

/// <summary>A rule that says where some tensors lie: those whose name matches a pattern, or the routed experts of the first
/// layers.</summary>
public sealed record TensorRule
{
    // A longer pattern than any that people write (a few hundred letters) is refused before it is compiled.
    private const int MostLetters = 4096;

    private TensorRule(string? pattern, int? expertLayers, TensorHome home) =>
        (Pattern, ExpertLayers, Home) = (pattern, expertLayers, home);

    /// <summary>The regular expression that is looked for in the tensors' names as a GGUF file has them
    /// (<c>blk.3.ffn_down_exps.weight</c>); null where the rule is of experts.</summary>
    public string? Pattern { get; }

    /// <summary>The number of first layers whose routed experts it is of, 0 or more; null where it is of a pattern.</summary>
    public int? ExpertLayers { get; }

    /// <summary>Where these tensors lie.</summary>
    public TensorHome Home { get; }

    /// <summary>The tensors whose name matches: llama.cpp's <c>-ot</c>.</summary>
    /// <param name="pattern">A regular expression, looked for anywhere in the name; at most 4,096 letters.</param>
    /// <param name="home">Where they lie.</param>
    /// <exception cref="ArgumentException">It is none, or needs what takes unbounded time: looking back or ahead.</exception>
    public static TensorRule Matching(string pattern, TensorHome home)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        _ = Compiled(pattern);
        return new(pattern, null, home);
    }

    /// <summary>The routed experts of the first layers, in system memory: llama.cpp's <c>--n-cpu-moe</c>.</summary>
    /// <param name="layers">Layers, dense ones counted too, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static TensorRule ExpertsOfFirst(int layers)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(layers);
        return new(null, layers, TensorHome.Host);
    }

    /// <summary>The routed experts of all layers, in system memory: llama.cpp's <c>--cpu-moe</c>.</summary>
    public static TensorRule AllExperts { get; } = new(null, int.MaxValue, TensorHome.Host);

    /// <summary>A rule as llama.cpp's command line has it: <c>exps=CPU</c>. CPU is system memory; any other device that ends in a
    /// number (CUDA0, ROCm1, Vulkan0, SYCL0) and Metal is a GPU's memory.</summary>
    /// <param name="text">A pattern, =, and a device.</param>
    /// <exception cref="ArgumentException">It has not that form, or names no device.</exception>
    public static TensorRule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int at = text.LastIndexOf('=');
        if (at < 1)
        {
            throw new ArgumentException($"Tensors: \"{text}\" is no rule; PATTERN=DEVICE is right: exps=CPU.", nameof(text));
        }

        string device = text.Substring(at + 1);
        return Matching(text.Substring(0, at), HomeOf(device) ?? throw new ArgumentException(
            $"Tensors: \"{device}\" in \"{text}\" is no device; CPU, CUDA0, ROCm0, Vulkan0, SYCL0 and Metal are.", nameof(text)));
    }

    /// <summary>The rule as llama.cpp's options have it.</summary>
    public override string ToString() => ExpertLayers is { } layers
        ? layers == int.MaxValue ? "--cpu-moe" : "--n-cpu-moe " + layers.ToString(CultureInfo.InvariantCulture)
        : $"{Pattern}={(Home == TensorHome.Host ? "CPU" : "GPU")}";

    /// <summary>The pattern, ready to be looked for: it takes time in proportion to the name, whatever it is.</summary>
    internal static Regex Compiled(string pattern)
    {
        if (pattern.Length is 0 or > MostLetters)
        {
            throw new ArgumentException(
                $"Tensors: a pattern of 1 to {NumberText.N(MostLetters)} letters is right; it has "
                    + $"{NumberText.N(pattern.Length)}.");
        }

        try
        {
            return new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception problem) when (problem is ArgumentException or NotSupportedException)
        {
            throw new ArgumentException($"Tensors: the pattern \"{pattern}\" cannot be read: {problem.Message}", problem);
        }
    }

    private static TensorHome? HomeOf(string device)
    {
        string[] gpus = ["CUDA", "ROCm", "HIP", "Vulkan", "SYCL", "GPU", "MUSA", "CANN", "OpenCL"];
        string name = device.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return device.Equals("CPU", StringComparison.OrdinalIgnoreCase) ? TensorHome.Host
            : device.Equals("Metal", StringComparison.OrdinalIgnoreCase)
            || (name.Length < device.Length && gpus.Contains(name, StringComparer.OrdinalIgnoreCase)) ? TensorHome.Gpu
            : null;
    }
}
