using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>The tensors of the feed-forward kinds, in the layouts that checkpoints use.</summary>
internal static class FeedForwardTensors
{
    /// <summary>Up, then down. <paramref name="under"/> is the module, with its dot, or empty.</summary>
    public static IEnumerable<Tensor> Tensors(this DenseFeedForward f, string under, string up, string down, bool bias = false,
        TensorRole role = TensorRole.FeedForward) =>
    [
        .. Linear(under + up, f.HiddenSize, f.IntermediateSize, role, MatrixKind.Up, bias),
        .. Linear(under + down, f.IntermediateSize, f.HiddenSize, role, MatrixKind.Down, bias),
    ];

    /// <summary>Gate, up and down, each of its own.</summary>
    public static IEnumerable<Tensor> Tensors(this GatedFeedForward f, string under, bool bias = false, string gate = "gate_proj",
        string up = "up_proj", string down = "down_proj", TensorRole role = TensorRole.FeedForward) =>
    [
        .. Linear(under + gate, f.HiddenSize, f.IntermediateSize, role, MatrixKind.Up, bias),
        .. Linear(under + up, f.HiddenSize, f.IntermediateSize, role, MatrixKind.Up, bias),
        .. Linear(under + down, f.IntermediateSize, f.HiddenSize, role, MatrixKind.Down, bias),
    ];

    /// <summary>Gate and up in one projection, then down.</summary>
    public static IEnumerable<Tensor> Fused(this GatedFeedForward f, string under, string gateUp = "gate_up_proj",
        string down = "down_proj", bool bias = false, TensorRole role = TensorRole.FeedForward) =>
    [
        .. Linear(under + gateUp, f.HiddenSize, 2 * f.IntermediateSize, role, MatrixKind.Up, bias),
        .. Linear(under + down, f.IntermediateSize, f.HiddenSize, role, MatrixKind.Down, bias),
    ];

    /// <summary>The layer that scores experts: [experts, hidden].</summary>
    public static IEnumerable<Tensor> Router(this MixtureOfExperts m, string name, bool bias = false) =>
        Linear(name, m.HiddenSize, m.Experts, TensorRole.Router, MatrixKind.Router, bias);

    /// <summary>The same where the reference holds its matrix as a parameter of its own, not in a linear module.</summary>
    public static IEnumerable<Tensor> BareRouter(this MixtureOfExperts m, string name, bool bias = false) =>
        m.Router(name, bias).Select(tensor => tensor with { IsBareParameter = true });

    /// <summary>Routed experts, each under its own name: <paramref name="under"/> holds <c>{expert}</c> and ends with a
    /// dot.</summary>
    public static IEnumerable<Tensor> PerExpert(this MixtureOfExperts m, string under, string gate = "gate_proj",
        string up = "up_proj", string down = "down_proj", bool bias = false) => OfEachExpert(m, m.IsGated
            ? new GatedFeedForward(m.HiddenSize, m.ExpertIntermediateSize).Tensors(under, bias, gate, up, down, TensorRole.Expert)
            : new DenseFeedForward(m.HiddenSize, m.ExpertIntermediateSize).Tensors(under, up, down, bias, TensorRole.Expert));

    /// <summary>The shared experts as one gated layer of their joint width; nothing where there are none.</summary>
    public static IEnumerable<Tensor> Shared(this MixtureOfExperts m, string under, bool bias = false) =>
        m.SharedIntermediateSize == 0
            ? []
            : new GatedFeedForward(m.HiddenSize, m.SharedIntermediateSize).Tensors(under, bias, role: TensorRole.SharedExpert);
}
