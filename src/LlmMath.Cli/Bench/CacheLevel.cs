using System.Globalization;

namespace LlmMath.Cli.Bench;

/// <summary>Where weights lie while they are multiplied.</summary>
/// <param name="Name"><c>l2</c>, <c>l3</c> or <c>memory</c>.</param>
/// <param name="PerThread">Bytes of weights for each thread, below what the level holds.</param>
/// <param name="InAll">Bytes of weights for all threads together, where the level is shared.</param>
internal sealed record CacheLevel(string Name, long? PerThread, long? InAll)
{
    /// <summary>Half of a core's L2; a quarter of L3; and four times L3, at least 128 MiB.</summary>
    public static IReadOnlyList<CacheLevel> All { get; } =
    [
        new("l2", CacheBytes(2, 1 << 20) / 2, null),
        new("l3", null, CacheBytes(3, 32 << 20) / 4),
        new("memory", null, Math.Max(128L << 20, CacheBytes(3, 32 << 20) * 4)),
    ];

    /// <summary>Bytes of weights.</summary>
    public long Bytes(int threads) => PerThread * threads ?? InAll!.Value;

    public override string ToString() => Name;

    /// <summary>A cache's size as Linux tells it (sysfs, /sys/devices/system/cpu/cpu0/cache), or a usual one.</summary>
    private static long CacheBytes(int level, long usual)
    {
        const string folder = "/sys/devices/system/cpu/cpu0/cache";
        if (!Directory.Exists(folder))
        {
            return usual;
        }

        foreach (string index in Directory.GetDirectories(folder, "index*"))
        {
            if (Read(index, "level") == level.ToString(CultureInfo.InvariantCulture) && Read(index, "type") == "Unified"
                && Read(index, "size").TrimEnd('K') is { } size
                && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out long kibibytes))
            {
                return kibibytes << 10;
            }
        }

        return usual;
    }

    private static string Read(string folder, string file) =>
        File.Exists(Path.Combine(folder, file)) ? File.ReadAllText(Path.Combine(folder, file)).Trim() : "";
}
