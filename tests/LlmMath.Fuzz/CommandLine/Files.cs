using System.Text;
using LlmMath.Fuzz.Readers;
using LlmMath.Tests.Interchange;

namespace LlmMath.Fuzz.CommandLine;

/// <summary>Files that lines name: configs and headers, right and broken, in a folder that goes with the process.</summary>
internal static class Files
{
    [ThreadStatic]
    private static List<string>? s_written;

    [ThreadStatic]
    private static string? s_folder;

    private static readonly Lazy<byte[]> s_gguf = new(() => Whole(GgufConversion.Convert(GgufModels.Small[0])));

    private static readonly Lazy<byte[]> s_safetensors = new(() =>
        [.. SafetensorsFile.Header([("a.weight", [4, 64]), ("b.weight", [2, 32])], out long data), .. new byte[data]]);

    /// <summary>What was written for the line at hand, as it is.</summary>
    public static string Shown => string.Join(Environment.NewLine, (s_written ?? []).Select(path => path + ": "
        + (path.EndsWith(".json", StringComparison.Ordinal) ? File.ReadAllText(path)
            : Convert.ToHexString(File.ReadAllBytes(path)))));

    public static void Clear() => s_written = [];

    /// <summary>Writes a file, and gives its path.</summary>
    public static string Next(Random random)
    {
        s_folder ??= Made();
        (string ending, byte[] bytes) = random.Next(6) switch
        {
            0 => (".gguf", random.OneIn(2) ? s_gguf.Value : random.Bytes(s_gguf.Value)),
            1 => (".safetensors", random.OneIn(2) ? s_safetensors.Value : random.Bytes(s_safetensors.Value)),
            2 => (".json", Encoding.UTF8.GetBytes(JsonWriting.Write(random.Pick(Configs.All)))),
            3 => (".json", Encoding.UTF8.GetBytes(JsonWriting.Write(Configs.Resized(random, random.Pick(Configs.All))))),
            _ => (".json", Configs.Json(random)),
        };
        string path = Path.Combine(s_folder, $"file{s_written!.Count}{ending}");
        File.WriteAllBytes(path, bytes);
        s_written.Add(path);
        return path;
    }

    private static byte[] Whole(GgufFile file)
    {
        byte[] header = file.Header();
        return [.. header, .. new byte[file.DataBytes]];
    }

    private static string Made()
    {
        string folder = Directory.CreateTempSubdirectory("llmmath-fuzz-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
