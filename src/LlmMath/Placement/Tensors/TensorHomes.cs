using System.Text.RegularExpressions;
using LlmMath.Architectures;
using LlmMath.Basics;
using LlmMath.Interchange;

namespace LlmMath.Placement.Tensors;

/// <summary>A placement found for the tensors of one model: what share of each, layer by layer, lies in system memory. A tensor
/// that a GGUF file stores in several parts may lie on both sides.</summary>
internal sealed class TensorHomes
{
    private readonly double[]?[][] _inBlocks;
    private readonly double[] _inInputs;
    private readonly double[] _inOutputs;

    private TensorHomes(Architecture a, TensorPlacement placement)
    {
        int layers = a.LayerCount;
        if (placement.GpuLayers is < 0)
        {
            throw new ArgumentException(
                $"Tensors.GpuLayers: 0 or more is right; it is {NumberText.N(placement.GpuLayers.Value)}.");
        }

        GpuLayers = Math.Min(placement.GpuLayers ?? int.MaxValue, layers + 1);
        var rules = new RuleMatch[placement.Rules.Count];
        for (int i = 0; i < rules.Length; i++)
        {
            rules[i] = new(placement.Rules[i]);
            RequireLayers(a, placement.Rules[i]);
        }

        FirstLayer = Math.Max(0, layers - GpuLayers);
        HasHead = GpuLayers > layers;
        _inInputs = [.. a.Inputs.Select(tensor => Share(PartsOf(a, tensor), tensor, 0, FirstLayer > 0, rules))];
        _inOutputs = [.. a.Outputs.Select(tensor => Share(PartsOf(a, tensor), tensor, 0, !HasHead, rules))];
        _inBlocks = [.. a.Blocks.Select(block => block.Tensors.Select(tensor => OfLayers(a, block, tensor, rules)).ToArray())];
        if (rules.FirstOrDefault(rule => !rule.Matched && rule.Rule.Pattern is not null)?.Rule is { } idle)
        {
            throw new ArgumentException($"Tensors: the pattern \"{idle.Pattern}\" is of no tensor, or only of such as an "
                + $"earlier rule is of; names are like {Example(a)}.");
        }
    }

    /// <summary>Layers on the GPU; the head is one more.</summary>
    public int GpuLayers { get; }

    /// <summary>The first layer on the GPU.</summary>
    public int FirstLayer { get; }

    /// <summary>Whether the head is there.</summary>
    public bool HasHead { get; }

    /// <summary>Finds a placement's tensors.</summary>
    /// <exception cref="ArgumentException">A rule is of no tensor, or of more layers than there are.</exception>
    public static TensorHomes Of(Architecture a, TensorPlacement placement) => new(a, placement);

    /// <summary>The share in system memory of a tensor before the blocks, 0 to 1.</summary>
    public double InputShare(int tensor) => _inInputs[tensor];

    /// <summary>The same of one after them.</summary>
    public double OutputShare(int tensor) => _inOutputs[tensor];

    /// <summary>The same of a block's tensor, by its layers; null where all of it lies on the GPU.</summary>
    public double[]? LayerShares(int block, int tensor) => _inBlocks[block][tensor];

    private double[]? OfLayers(Architecture a, Block block, Tensor tensor, RuleMatch[] rules)
    {
        IReadOnlyList<string> parts = PartsOf(a, tensor);
        double[] shares = [.. block.Layers.Select(layer =>
            Share(parts, tensor, layer, layer < FirstLayer && !block.IsEncoder, rules))];
        return shares.All(share => share == 0) ? null : shares;
    }

    private static IReadOnlyList<string> PartsOf(Architecture a, Tensor tensor) =>
        GgufNames.Parts(a.Family, tensor) ?? [tensor.Name];

    private static double Share(IReadOnlyList<string> parts, Tensor tensor, int layer, bool isBelow, RuleMatch[] rules)
    {
        // Names are made for rules alone: a model may have tens of thousands of layers.
        if (rules.Length == 0)
        {
            return isBelow ? 1 : 0;
        }

        double onHost = 0;
        foreach (string part in parts)
        {
            string name = tensor.IsPerLayer ? GgufName.At(part, layer) : part;
            TensorHome home = isBelow ? TensorHome.Host : TensorHome.Gpu;
            foreach (RuleMatch rule in rules)
            {
                if (rule.IsOf(tensor, name, layer))
                {
                    home = rule.Rule.Home;
                    break;
                }
            }

            onHost += home == TensorHome.Host ? 1.0 / parts.Count : 0;
        }

        return onHost > 1 - 1e-9 ? 1 : onHost;
    }

    private static void RequireLayers(Architecture a, TensorRule rule)
    {
        if (rule.ExpertLayers is not { } layers)
        {
            return;
        }

        if (!a.Blocks.Any(block => block.Tensors.Any(tensor => tensor.Role == TensorRole.Expert)))
        {
            throw new ArgumentException($"Tensors: {rule} is of routed experts, and {a.Family} has none here.");
        }

        if (layers != int.MaxValue && layers > a.LayerCount)
        {
            throw new ArgumentException(
                $"Tensors: {rule} is of more layers than the {NumberText.N(a.LayerCount)} that there are.");
        }
    }

    private static string Example(Architecture a)
    {
        foreach (Block block in a.Blocks)
        {
            foreach (Tensor tensor in block.Tensors)
            {
                if (tensor.IsPerLayer && GgufNames.Parts(a.Family, tensor) is { Count: > 0 } parts)
                {
                    return GgufName.At(parts[0], block.Layers[0]);
                }
            }
        }

        return "blk.0.attn_q.weight";
    }

    private sealed class RuleMatch(TensorRule rule)
    {
        private readonly Regex? _pattern = rule.Pattern is { } pattern ? TensorRule.Compiled(pattern) : null;

        public TensorRule Rule => rule;

        public bool Matched { get; private set; }

        public bool IsOf(Tensor tensor, string name, int layer)
        {
            bool isOf = _pattern?.IsMatch(name)
                ?? (tensor.Role == TensorRole.Expert && tensor.IsPerLayer && layer < rule.ExpertLayers);
            Matched |= isOf;
            return isOf;
        }
    }
}
