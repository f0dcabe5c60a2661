using static LlmMath.Families.TensorLists;

namespace LlmMath.Families;

/// <summary>Routed experts that share two tensors: gate and up side by side, and down. Their names have no
/// <c>.weight</c>.</summary>
internal static class StackedExperts
{
    /// <summary>Stored as [experts, outputs, inputs]. <paramref name="under"/> is the module, with its dot:
    /// <c>mlp.experts.</c></summary>
    public static IEnumerable<Tensor> Stacked(this MixtureOfExperts m, string under) => OfExperts(m.Experts, m.ActiveExperts,
    [
        Plain(under + "gate_up_proj", TensorRole.Expert, m.Experts, 2 * m.ExpertIntermediateSize, m.HiddenSize),
        Plain(under + "down_proj", TensorRole.Expert, m.Experts, m.HiddenSize, m.ExpertIntermediateSize),
    ]);

    /// <summary>Stored as [experts, inputs, outputs], and where <paramref name="bias"/> says so with two biases of each
    /// expert.</summary>
    public static IEnumerable<Tensor> StackedTransposed(this MixtureOfExperts m, string under, bool bias = false)
    {
        IEnumerable<Tensor> Matrix(string name, long inputs, long outputs) =>
        [
            Plain(under + name, TensorRole.Expert, m.Experts, inputs, outputs) with { IsInputsFirst = true },
            .. bias
                ? [Plain(under + name + "_bias", TensorRole.Expert, m.Experts, outputs) with { IsLinearBias = true }]
                : Enumerable.Empty<Tensor>(),
        ];
        return OfExperts(m.Experts, m.ActiveExperts,
        [
            .. Matrix("gate_up_proj", m.HiddenSize, 2 * m.ExpertIntermediateSize),
            .. Matrix("down_proj", m.ExpertIntermediateSize, m.HiddenSize),
        ]);
    }
}
