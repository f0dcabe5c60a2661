using LlmMath.Architectures;
using static LlmMath.Basics.NumberText;

namespace LlmMath.Models.Counting;

/// <summary>Products as people write them: <c>4 × 1,024² + 2 × 4,096 × 1,024</c>.</summary>
internal static class ProductText
{
    /// <summary>A tensor's dimensions as a product; a linear layer's inputs before its outputs.</summary>
    public static string Dimensions(Tensor tensor) => tensor.Role == TensorRole.Projection && tensor.Shape.Rank == 2
        ? Product([tensor.Shape[1], tensor.Shape[0]])
        : Product([.. Axes(tensor)]);

    /// <summary>The tensors' sizes as a sum of products, equal products taken together, the larger dimension first.</summary>
    public static string SumOfProducts(IEnumerable<Tensor> tensors) => string.Join(" + ", tensors
        .GroupBy(tensor => Product([.. Axes(tensor).Where(d => d > 1).DefaultIfEmpty(1).OrderByDescending(d => d)]))
        .Select(group => group.Count() == 1 ? group.Key : $"{N(group.Count())} × {group.Key}"));

    private static IEnumerable<long> Axes(Tensor tensor) =>
        Enumerable.Range(0, tensor.Shape.Rank).Select(axis => tensor.Shape[axis]);

    private static string Product(IReadOnlyList<long> factors)
    {
        var text = new List<string>();
        for (int i = 0; i < factors.Count; i++)
        {
            bool squared = i + 1 < factors.Count && factors[i] == factors[i + 1] && factors[i] > 1;
            text.Add(N(factors[i]) + (squared ? "²" : ""));
            i += squared ? 1 : 0;
        }

        return string.Join(" × ", text);
    }
}
