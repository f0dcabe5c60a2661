using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>Puts blocks' tensors in each layer, under their prefix, which holds <c>{layer}</c>. Where kinds of blocks differ in
/// few of their tensors they share the others, so that thousands of kinds take memory for what differs.</summary>
internal sealed class PlacedTensors(string prefix)
{
    private readonly Dictionary<Tensor, Tensor> _placed = [];
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>A tensor with the prefix before its name.</summary>
    public Tensor Of(Tensor tensor)
    {
        if (!_placed.TryGetValue(tensor, out Tensor? placed))
        {
            placed = tensor with { Name = Name(tensor.Name), IsPerLayer = true };
            _placed.Add(tensor, placed);
        }

        return placed;
    }

    private string Name(string relative)
    {
        if (!_names.TryGetValue(relative, out string? name))
        {
            name = prefix + relative;
            _names.Add(relative, name);
        }

        return name;
    }
}
