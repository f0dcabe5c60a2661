using System.Globalization;
using LlmMath.Architectures;

namespace LlmMath.Models;

/// <summary>Puts layer and expert numbers into the names of tensors.</summary>
internal static class TensorNames
{
    public const string Layer = "{layer}";
    public const string Expert = "{expert}";

    /// <summary>Each tensor at each layer, its experts together; one that no layer has of its own once.</summary>
    public static IEnumerable<TensorRun> Runs(ValueList<Tensor> tensors, ValueList<int> layers)
    {
        foreach (int layer in (IEnumerable<int>)layers)
        {
            foreach (Tensor tensor in (IEnumerable<Tensor>)tensors)
            {
                if (tensor.IsPerLayer || layer == layers[0])
                {
                    yield return new TensorRun(tensor, tensor.IsPerLayer ? layer : null);
                }
            }
        }
    }

    /// <summary>A name with a number in a hole.</summary>
    public static string Put(string name, string hole, long number) =>
        name.Replace(hole, number.ToString(CultureInfo.InvariantCulture));
}
