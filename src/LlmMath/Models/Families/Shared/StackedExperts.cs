using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>Routed experts that share two tensors: gate and up side by side, and down. <c>under</c> is the module, with its dot:
/// <c>mlp.experts.</c></summary>
internal static class StackedExperts
{
    /// <summary>Stored as [experts, outputs, inputs]; by most without <c>.weight</c> in the names.</summary>
    public static IEnumerable<Tensor> Stacked(this MixtureOfExperts m, string under, string gateUp = "gate_up_proj",
        string down = "down_proj") => OfExperts(m,
    [
        Plain(under + gateUp, TensorRole.Expert, m.Experts, 2 * m.ExpertIntermediateSize, m.HiddenSize) with
        {
            Kind = MatrixKind.Up,
        },
        Plain(under + down, TensorRole.Expert, m.Experts, m.HiddenSize, m.ExpertIntermediateSize) with
        {
            Kind = MatrixKind.Down,
        },
    ]);

    /// <summary>Stored as [experts, outputs, inputs] in three tensors: gate, up and down.</summary>
    public static IEnumerable<Tensor> StackedApart(this MixtureOfExperts m, string under)
    {
        Tensor Matrix(string name, long outputs, long inputs, MatrixKind kind) =>
            Plain(under + name + ".weight", TensorRole.Expert, m.Experts, outputs, inputs) with { Kind = kind };
        return OfExperts(m,
        [
            Matrix("gate_proj", m.ExpertIntermediateSize, m.HiddenSize, MatrixKind.Up),
            Matrix("up_proj", m.ExpertIntermediateSize, m.HiddenSize, MatrixKind.Up),
            Matrix("down_proj", m.HiddenSize, m.ExpertIntermediateSize, MatrixKind.Down),
        ]);
    }

    /// <summary>Stored as [experts, inputs, outputs], and where <paramref name="bias"/> says so with two biases of each
    /// expert.</summary>
    public static IEnumerable<Tensor> StackedTransposed(this MixtureOfExperts m, string under, bool bias = false)
    {
        IEnumerable<Tensor> Matrix(string name, long inputs, long outputs, MatrixKind kind) =>
        [
            Plain(under + name, TensorRole.Expert, m.Experts, inputs, outputs) with
            {
                Kind = kind,
                IsInputsFirst = true,
            },
            .. When(bias, Plain(under + name + "_bias", TensorRole.Expert, m.Experts, outputs) with { IsLinearBias = true }),
        ];
        return OfExperts(m,
        [
            .. Matrix("gate_up_proj", m.HiddenSize, 2 * m.ExpertIntermediateSize, MatrixKind.Up),
            .. Matrix("down_proj", m.ExpertIntermediateSize, m.HiddenSize, MatrixKind.Down),
        ]);
    }
}
