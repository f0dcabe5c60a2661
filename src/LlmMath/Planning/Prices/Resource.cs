using System.IO.Compression;
using System.Reflection;

namespace LlmMath.Planning.Prices;

/// <summary>What lies compressed in the library.</summary>
internal static class Resource
{
    /// <summary>The bytes of a file of <c>catalog/</c>: <c>prices/instances.json</c>.</summary>
    public static byte[] Read(string name)
    {
        using Stream compressed = Assembly.GetExecutingAssembly().GetManifestResourceStream(name + ".gz")
            ?? throw new InvalidOperationException($"The library was built without {name}.");
        using var stream = new GZipStream(compressed, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
