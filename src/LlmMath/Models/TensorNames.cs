using System.Globalization;

namespace LlmMath;

/// <summary>Puts layer and expert numbers into the names of tensors.</summary>
internal static class TensorNames
{
    public const string Layer = "{layer}";
    public const string Expert = "{expert}";

    /// <summary>Each tensor at each layer and for each expert; a name without <c>{layer}</c> once.</summary>
    public static IEnumerable<CheckpointTensor> Expand(ValueList<Tensor> tensors, ValueList<int> layers)
    {
        foreach (int layer in (IEnumerable<int>)layers)
        {
            foreach (Tensor tensor in (IEnumerable<Tensor>)tensors)
            {
                bool perLayer = tensor.Name.Contains(Layer);
                if (!perLayer && layer != layers[0])
                {
                    continue;
                }

                string name = perLayer ? Put(tensor.Name, Layer, layer) : tensor.Name;
                long copies = tensor.Copies;
                for (long expert = 0; expert < copies; expert++)
                {
                    yield return new CheckpointTensor(name.Contains(Expert) ? Put(name, Expert, expert) : name, tensor);
                }
            }
        }
    }

    private static string Put(string name, string hole, long number) =>
        name.Replace(hole, number.ToString(CultureInfo.InvariantCulture));
}
