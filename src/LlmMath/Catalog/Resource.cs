using System.IO.Compression;

namespace LlmMath;

/// <summary>What lies compressed in the library.</summary>
internal static class Resource
{
    private const string Ending = ".br";

    /// <summary>The bytes of a file of <c>catalog/</c>: <c>prices/instances.json</c>.</summary>
    public static byte[] Read(string name)
    {
        using Stream compressed = typeof(Resource).Assembly.GetManifestResourceStream(name + Ending)
            ?? throw new InvalidOperationException($"The library was built without {name}.");
        using var stream = new BrotliStream(compressed, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Names of the files of a folder of <c>catalog/</c>, without their ending, in order: <c>hopper</c>.</summary>
    public static IEnumerable<string> Names(string folder) => typeof(Resource).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal))
        .Select(name => name[(folder.Length + 1)..^(".json" + Ending).Length])
        .Order(StringComparer.Ordinal);
}
