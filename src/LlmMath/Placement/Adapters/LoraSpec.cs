using LlmMath.Basics;

namespace LlmMath.Training;

/// <summary>
/// A low-rank adapter (LoRA): which modules of a model get a pair of matrices of what rank, by PEFT's names. The same for an
/// adapter that is trained and one that is served. Source: Hu et al., arXiv:2106.09685, section 4.1; names and their meaning:
/// huggingface/peft@831fd03e0, src/peft/tuners/tuners_utils.py, and @b28a09c44, src/peft/tuners/lora/layer.py.
/// </summary>
public sealed record LoraSpec
{
    /// <summary>What PEFT calls every linear layer but the output head.</summary>
    public const string EveryLinear = "all-linear";

    /// <summary>An adapter of some modules.</summary>
    /// <param name="rank">Rank of the pairs, 1 or more.</param>
    /// <param name="targetModules">Ends of the modules' names in the checkpoint, <c>q_proj</c> or <c>self_attn.q_proj</c>; or
    /// <see cref="EveryLinear"/> alone.</param>
    public LoraSpec(int rank, params IEnumerable<string> targetModules)
    {
        ArgumentNullException.ThrowIfNull(targetModules);
        (Rank, TargetModules) = (rank, [.. targetModules]);
    }

    /// <summary>Rank of the pairs, 1 or more; above a module's smaller dimension it adds nothing, and is reckoned all the
    /// same.</summary>
    public int Rank { get; init; }

    /// <summary>Ends of the names of linear modules, each matched by one module or more; or <see cref="EveryLinear"/>
    /// alone.</summary>
    public ValueList<string> TargetModules { get; init; }

    /// <summary>Ends of the names of parameters that are no module's, as stacked experts are: <c>experts.gate_up_proj</c>. Each
    /// expert gets a pair. Empty unless stated.</summary>
    public ValueList<string> TargetParameters { get; init; } = [];

    /// <summary>Ranks of modules by the ends of their names, the first that matches; <see cref="Rank"/> for all others.</summary>
    public ValueList<ModuleRank> Ranks { get; init; } = [];

    /// <summary>Ends of the names of modules that are trained whole, as a copy beside the frozen one: <c>lm_head</c>. Empty
    /// unless stated.</summary>
    public ValueList<string> ModulesToSave { get; init; } = [];

    /// <summary>Whether each output of a target has a trained magnitude too (DoRA). Source: Liu et al., arXiv:2402.09353,
    /// section 4.</summary>
    public bool IsDora { get; init; }

    /// <summary>Whether the update is scaled by 1 ÷ √rank, not by 1 ÷ rank (rsLoRA): no figure depends on it. Source:
    /// Kalajdzievski, arXiv:2312.03732.</summary>
    public bool IsRankStabilized { get; init; }

    /// <summary>Whether inputs are dropped at random in training (<c>lora_dropout</c> above 0): each pair then keeps the dropped
    /// input as its own, and a mask of a byte an element. No figure of a served adapter depends on it. Source:
    /// huggingface/peft@b28a09c44, src/peft/tuners/lora/layer.py, <c>forward</c>.</summary>
    public bool HasDropout { get; init; }

    /// <summary>Whether it is what an engine reserves for any adapter: the blocks' linear layers, without routers and routed
    /// experts.</summary>
    internal bool IsEngineSlot { get; private init; }

    /// <summary>Whether every linear layer is a target.</summary>
    internal bool TargetsEveryLinear => TargetModules.Count == 1
        && TargetModules[0].Equals(EveryLinear, StringComparison.OrdinalIgnoreCase);

    /// <summary>An adapter of every linear layer but the output head, routers and gates among them, as PEFT means it. Stacked
    /// experts are no modules: <see cref="TargetParameters"/> names them.</summary>
    /// <param name="rank">Rank of the pairs, 1 or more.</param>
    public static LoraSpec AllLinear(int rank) => new(rank, EveryLinear);

    /// <summary>What engines reserve for an adapter whose modules are not known.</summary>
    internal static LoraSpec EngineSlot(int rank) => AllLinear(rank) with { IsEngineSlot = true };

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(LoraSpec), PrintMembers);
}

/// <summary>The rank of the modules of a name (<c>rank_pattern</c>).</summary>
/// <param name="Module">The end of their names: <c>q_proj</c>, <c>layers.0.self_attn.q_proj</c>.</param>
/// <param name="Rank">Their rank, 1 or more.</param>
public sealed record ModuleRank(string Module, int Rank);
