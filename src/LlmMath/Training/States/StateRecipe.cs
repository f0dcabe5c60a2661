using LlmMath.Basics;

namespace LlmMath.Training;

/// <summary>In which number formats a run holds what it trains: bytes of a parameter, of its gradient, of the copies that the
/// optimizer works on and of each of its moments.</summary>
public sealed record StateRecipe
{
    private StateRecipe(string name) => Name = name;

    /// <summary>16-bit parameters and gradients, and a float32 copy that the optimizer works on: with Adam 2 + 2 + 12 bytes.
    /// Source: Rajbhandari et al., arXiv:1910.02054, section 3.1.</summary>
    public static StateRecipe Mixed { get; } = new("mixed");

    /// <summary>Megatron's fp16: the gradients too have a float32 copy, so that Adam takes 20 bytes, or 4 + 16 ÷ d. Source:
    /// docs.nvidia.com/megatron-core/developer-guide/latest/api-guide/dist_optimizer.html, read 2026-11-30.</summary>
    public static StateRecipe MegatronFp16 { get; } = new("megatron-fp16") { MainGradientBytes = 4 };

    /// <summary>Megatron's bf16: float32 gradients, so that Adam takes 18 bytes, or 6 + 12 ÷ d. Source: as
    /// <see cref="MegatronFp16"/>.</summary>
    public static StateRecipe MegatronBf16 { get; } = new("megatron-bf16") { GradientBytes = 4 };

    /// <summary>Everything in float32: with Adam 16 bytes, or 8 + 8 ÷ d. Source: as <see cref="MegatronFp16"/>.</summary>
    public static StateRecipe Fp32 { get; } =
        new("fp32") { ParameterBytes = 4, GradientBytes = 4, MasterBytes = 0, ActivationBytes = 4 };

    /// <summary>Float32 parameters and gradients, computed on in 16 bits: copies in 16 bits are made for a layer at a time
    /// (FSDP's mixed precision).</summary>
    public static StateRecipe Fsdp { get; } = new("fsdp") { ParameterBytes = 4, GradientBytes = 4, MasterBytes = 0 };

    /// <summary>Float32 parameters and gradients under autocast, which keeps a copy of every matrix in 16 bits until the pass is
    /// over.</summary>
    public static StateRecipe Autocast { get; } =
        new("autocast") { ParameterBytes = 4, GradientBytes = 4, MasterBytes = 0, CopyBytes = 2 };

    /// <summary>Everything in bf16, moments too: with Adam 8 bytes.</summary>
    public static StateRecipe Bf16 { get; } = new("bf16") { MasterBytes = 0, MomentBytes = 2 };

    /// <summary>As <see cref="MegatronBf16"/>, with two copies of every matrix in 8-bit floats, by rows and by columns. Source:
    /// NVIDIA/TransformerEngine, docs, "Using FP8".</summary>
    public static StateRecipe Fp8 { get; } = new("fp8") { GradientBytes = 4, CopyBytes = 2, IsFp8 = true };

    /// <summary>Every recipe.</summary>
    public static ValueList<StateRecipe> All { get; } =
        [Mixed, MegatronFp16, MegatronBf16, Fp32, Fsdp, Autocast, Bf16, Fp8];

    /// <summary>Its name, in lower case: <c>megatron-bf16</c>.</summary>
    public string Name { get; }

    /// <summary>Bytes of a parameter.</summary>
    public int ParameterBytes { get; private init; } = 2;

    /// <summary>Bytes of a gradient.</summary>
    public int GradientBytes { get; private init; } = 2;

    /// <summary>Bytes of a gradient's copy that the optimizer works on; 0 where it has none.</summary>
    public int MainGradientBytes { get; private init; }

    /// <summary>Bytes of a parameter's copy that the optimizer works on; 0 where it has none.</summary>
    public int MasterBytes { get; private init; } = 4;

    /// <summary>Bytes of a moment of the optimizer.</summary>
    public int MomentBytes { get; private init; } = 4;

    /// <summary>Bytes of copies of a matrix's element that are there while the pass runs.</summary>
    public int CopyBytes { get; private init; }

    /// <summary>Bytes of an activation.</summary>
    public int ActivationBytes { get; private init; } = 2;

    /// <summary>Whether products are made of 8-bit floats.</summary>
    public bool IsFp8 { get; private init; }

    /// <summary>The recipe of a name, in any case.</summary>
    /// <param name="name"><c>mixed</c>, <c>bf16</c>.</param>
    /// <exception cref="UnknownNameException">There is no such recipe; the error lists all.</exception>
    public static StateRecipe Find(string name) => FormatNames.Find(All, static recipe => recipe.Name, name)
        ?? throw new UnknownNameException(name, "is no recipe of states that is known", "Recipes", [.. All.Select(r => r.Name)]);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
