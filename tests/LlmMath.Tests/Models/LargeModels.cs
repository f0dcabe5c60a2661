namespace LlmMath.Tests.Models;

/// <summary>
/// What a test that names every tensor looks at: each model of few tensors, and of those with many, mostly experts, one of each
/// set of names: the one with the fewest.
/// </summary>
internal static class LargeModels
{
    private const int Many = 10_000;

    /// <summary>The names of these entries, in the catalog's order.</summary>
    public static IReadOnlyList<string> OneOfEachSetOfNames { get; } =
    [
        .. ModelCatalog.All.Where(model => !HasMany(model)).Concat(
            ModelCatalog.All.Where(HasMany).GroupBy(Names).Select(same => same.MinBy(model => model.Architecture.TensorCount)!))
            .Select(model => model.Name),
    ];

    public static bool HasMany(ModelDefinition model) => model.Architecture.TensorCount > Many;

    private static string Names(ModelDefinition model)
    {
        Architecture a = model.Architecture;
        return string.Join('\n', a.Inputs.Concat(a.Blocks.SelectMany(block => block.Tensors)).Concat(a.Outputs)
            .Concat(a.Additions.SelectMany(addition => addition.Tensors)).Select(tensor => $"{tensor.Name} {tensor.TiedTo}")
            .Distinct().Order(StringComparer.Ordinal));
    }
}
