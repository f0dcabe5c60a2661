using System.Globalization;

namespace LlmMath.Tests.Interchange;

/// <summary>Tensors in few words: a name and its shape a line, <c>{i}</c> for each layer.</summary>
internal static class WrittenTensors
{
    public static List<WrittenTensor> Parse(int layers, string text)
    {
        var tensors = new List<WrittenTensor>();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] words = line.Split(' ');
            long[] shape = [.. words.Skip(1).Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
            int copies = words[0].Contains("{i}", StringComparison.Ordinal) ? layers : 1;
            tensors.AddRange(Enumerable.Range(0, copies)
                .Select(layer => new WrittenTensor(words[0].Replace("{i}", $"{layer}", StringComparison.Ordinal), shape)));
        }

        return tensors;
    }
}
