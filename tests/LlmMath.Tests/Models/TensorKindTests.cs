using LlmMath.Formats;
using LlmMath.Testing;
using LlmMath.Tests.Interchange;
using Role = LlmMath.Architectures.TensorRole;

namespace LlmMath.Tests.Models;

/// <summary>What each tensor of every described model says of itself: what it is to a quantizer, and where it stands.</summary>
public class TensorKindTests
{
    /// <summary>Approved: by role and kind the modules of that kind, each with the families that have it so.</summary>
    [Fact]
    public void EveryMatrixIsOf_ItsApprovedKind()
    {
        var families = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (Architecture a in DescribedModels.All())
        {
            foreach (Tensor tensor in DescribedModels.Tensors(a)
                .Where(tensor => tensor.Kind != MatrixKind.None || DescribedModels.IsMatrix(tensor)))
            {
                string key = $"{tensor.Role} {tensor.Kind} {Module(tensor.Name)}";
                families[key] = families.TryGetValue(key, out SortedSet<string>? of) ? of : new(StringComparer.Ordinal);
                families[key].Add(a.Family);
            }
        }

        Golden.Verify(string.Join('\n', families.Select(row => $"{row.Key}: {string.Join(' ', row.Value)}")), "tensor-kinds");
    }

    /// <summary>A part's matrices are linear layers, and say which; what is no matrix is of no kind.</summary>
    [Fact]
    public void AMatrixOf_APartSaysItsKind_AndAVectorSaysNone()
    {
        Assert.All(DescribedModels.All(), a => Assert.All(
            a.Inputs.Concat(a.Blocks.SelectMany(block => block.Tensors)).Concat(a.Outputs),
            tensor => Assert.True(IsOf(tensor.Role, tensor.Kind, DescribedModels.IsMatrix(tensor)),
                $"{a.Family}: {tensor.Name} {tensor.Shape}, {tensor.Role}, says {tensor.Kind}.")));
    }

    /// <summary>llama.cpp's quantizer goes by its own names of tensors: they must tell of the same kinds. It names projections of
    /// an indexer, which every GPU holds whole, and of a recurrent mixer like those of attention.</summary>
    [Fact]
    public void KindsAreThoseThatLlamaCppsNamesTell()
    {
        Assert.All(DescribedModels.All(), a => Assert.All(DescribedModels.Tensors(a), tensor =>
        {
            if (tensor is { Kind: not (MatrixKind.None or MatrixKind.Replicated), Role: not Role.State }
                && GgufNameTable.Find(a.Family, tensor) is [{ } name] && KindOf(name) is { } kind)
            {
                Assert.True(tensor.Kind == kind, $"{a.Family}: {tensor.Name} says {tensor.Kind}, {name} {kind}.");
            }
        }));
    }

    [Fact]
    public void ATensorStandsWhereItsNameHasAHole()
    {
        Assert.All(DescribedModels.All(), a => Assert.All(DescribedModels.Tensors(a), tensor => Assert.Equal(
            (tensor.Name.Contains("{layer}"), tensor.Name.Contains("{expert}")), (tensor.IsPerLayer, tensor.IsPerExpert))));
    }

    /// <summary>Speed counts normalizations by their role: a module called a norm must have it, one under such a module need
    /// not.</summary>
    [Fact]
    public void WhatIsCalledANormHasTheRole()
    {
        Assert.All(DescribedModels.All(), a => Assert.All(
            DescribedModels.Tensors(a).Where(tensor => tensor.Name.Split('.') is [.., var module, _] && module.Contains("norm")),
            tensor => Assert.Equal(Role.Norm, tensor.Role)));
    }

    private static bool IsOf(Role role, MatrixKind kind, bool isMatrix) => role switch
    {
        _ when !isMatrix => kind == MatrixKind.None,
        Role.Embedding => kind == MatrixKind.Embedding,
        Role.Head => kind == MatrixKind.Head,
        Role.Router => kind == MatrixKind.Router,
        Role.Position or Role.Norm => kind == MatrixKind.None,
        Role.Projection or Role.State => kind == MatrixKind.None || kind.IsLinear(),
        Role.Attention => kind.IsLinear() && kind is not (MatrixKind.Up or MatrixKind.Down),
        _ => kind is MatrixKind.Up or MatrixKind.Down or MatrixKind.Other,
    };

    private static MatrixKind? KindOf(string name) => name.Split('.')[^2] switch
    {
        "attn_q" => MatrixKind.Query,
        "attn_k" => MatrixKind.Key,
        "attn_v" => MatrixKind.Value,
        "attn_qkv" => MatrixKind.QueryKeyValue,
        "attn_output" => MatrixKind.AttentionOutput,
        "ffn_gate_inp" => MatrixKind.Router,
        "ffn_gate" or "ffn_up" or "ffn_gate_exps" or "ffn_up_exps" or "ffn_gate_shexp" or "ffn_up_shexp" => MatrixKind.Up,
        "ffn_down" or "ffn_down_exps" or "ffn_down_shexp" => MatrixKind.Down,
        _ => null,
    };

    // The last part of a name that is not a number: q_proj; linear_q_adapter_list.#.0 keeps what tells it apart.
    private static string Module(string name)
    {
        string[] parts = [.. (name.EndsWith(".weight", StringComparison.Ordinal) ? name[..^7] : name).Split('.')
            .Select(part => part.All(char.IsAsciiDigit) || part[0] == '{' ? "#" : part)];
        int first = parts.Length - 1;
        while (first > 0 && parts[first] == "#")
        {
            first--;
        }

        return string.Join('.', parts[first..]);
    }
}
