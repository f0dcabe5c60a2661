using LlmMath.Architectures;
using LlmMath.Formats;

namespace LlmMath.Models.Families;

/// <summary>The words in which families list their tensors; names are relative until <see cref="Under"/> puts them in
/// place.</summary>
internal static class TensorLists
{
    /// <summary>y = x·Wᵀ + b: the weight as [outputs, inputs], and the bias where there is one. With one output the weight is a
    /// vector, of no kind.</summary>
    public static IEnumerable<Tensor> Linear(string name, long inputs, long outputs, TensorRole role, MatrixKind kind,
        bool bias = false)
    {
        yield return new Tensor(name + ".weight", new TensorShape(outputs, inputs), role)
        {
            Kind = outputs == 1 ? MatrixKind.None : kind,
        };
        if (bias)
        {
            yield return Bias(name + ".bias", outputs, role);
        }
    }

    /// <summary>The same with the weight stored as [inputs, outputs] (GPT-2's Conv1D).</summary>
    public static IEnumerable<Tensor> Transposed(string name, long inputs, long outputs, TensorRole role, MatrixKind kind,
        bool bias = true)
    {
        yield return new Tensor(name + ".weight", new TensorShape(inputs, outputs), role) { Kind = kind, IsInputsFirst = true };
        if (bias)
        {
            yield return Bias(name + ".bias", outputs, role);
        }
    }

    /// <summary>A linear layer's additive bias.</summary>
    public static Tensor Bias(string name, long size, TensorRole role) =>
        new(name, new TensorShape(size), role) { IsLinearBias = true };

    /// <summary>A normalization: a weight, and a bias where it is a layer norm with one.</summary>
    public static IEnumerable<Tensor> Norm(string name, long size, bool bias = false)
    {
        yield return new Tensor(name + ".weight", new TensorShape(size), TensorRole.Norm);
        if (bias)
        {
            yield return new Tensor(name + ".bias", new TensorShape(size), TensorRole.Norm);
        }
    }

    /// <summary>A tensor of any role and up to four dimensions, under its full relative name; no linear layer's matrix unless
    /// its kind is set.</summary>
    public static Tensor Plain(string name, TensorRole role, long d0, long? d1 = null, long? d2 = null, long? d3 = null) =>
        new(name, new TensorShape(d0, d1, d2, d3), role);

    /// <summary>The token embedding.</summary>
    public static Tensor Embedding(string name, long vocabulary, long width) =>
        new(name, new TensorShape(vocabulary, width), TensorRole.Embedding) { Kind = MatrixKind.Embedding };

    /// <summary>The output head, tied to the embedding where <paramref name="tiedTo"/> names it.</summary>
    public static IEnumerable<Tensor> Head(string name, long vocabulary, long width, string? tiedTo, bool bias = false)
    {
        yield return new Tensor(name + ".weight", new TensorShape(vocabulary, width), TensorRole.Head)
        {
            Kind = MatrixKind.Head,
            TiedTo = tiedTo,
        };
        if (bias)
        {
            yield return Bias(name + ".bias", vocabulary, TensorRole.Head);
        }
    }

    /// <summary>The tensors, which the family's own quantized checkpoints leave in 16 bits.</summary>
    public static IEnumerable<Tensor> KeptWide(IEnumerable<Tensor> tensors) =>
        tensors.Select(tensor => tensor with { IsKeptWide = true });

    /// <summary>The tensors, which checkpoints store in 32 bits whatever the others' format.</summary>
    public static IEnumerable<Tensor> In32Bits(params Tensor[] tensors) =>
        tensors.Select(tensor => tensor with { StoredBits = 32 });

    /// <summary>The tensors with a prefix before each name.</summary>
    public static IEnumerable<Tensor> Under(string prefix, IEnumerable<Tensor> tensors) =>
        tensors.Select(tensor => tensor with { Name = prefix + tensor.Name });

    /// <summary>The tensors as they stand in each layer: the prefix, or each name, holds <c>{layer}</c>.</summary>
    public static IEnumerable<Tensor> InEachLayer(string prefix, IEnumerable<Tensor> tensors) =>
        tensors.Select(tensor => tensor with { Name = prefix + tensor.Name, IsPerLayer = true });

    /// <summary>The tensors where a condition holds, else none.</summary>
    public static IEnumerable<Tensor> When(bool condition, params Tensor[] tensors) => condition ? tensors : [];

    /// <summary>The tensors as those of each of a mixture's routed experts: names hold <c>{expert}</c>.</summary>
    public static IEnumerable<Tensor> OfEachExpert(MixtureOfExperts moe, IEnumerable<Tensor> tensors) =>
        OfExperts(moe, tensors).Select(tensor => tensor with { IsPerExpert = true });

    /// <summary>The tensors as those that all of a mixture's routed experts share: the first dimension stacks the
    /// experts.</summary>
    public static IEnumerable<Tensor> OfExperts(MixtureOfExperts moe, IEnumerable<Tensor> tensors) =>
        tensors.Select(tensor => tensor with { Experts = moe.Experts, ActiveExperts = moe.ActiveExperts });
}
