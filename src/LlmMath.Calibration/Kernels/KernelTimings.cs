using System.Globalization;
using System.IO.Compression;
using LlmMath.Engines.Kernels;
using LlmMath.Speed.Kernels;

namespace LlmMath.Calibration.Kernels;

/// <summary>Reads catalog/evidence/kernels into sets. Its README says what is left out and why.</summary>
internal static partial class KernelTimings
{
    /// <summary>Where the timings lie.</summary>
    public const string Folder = "catalog/evidence/kernels";

    // Names of the source's folders, and the catalog's.
    private static readonly Dictionary<string, string> s_gpus = new(StringComparer.Ordinal)
    {
        ["a100_sxm"] = "a100-sxm-80gb", ["h100_sxm"] = "h100-sxm-80gb", ["h200_sxm"] = "h200-sxm-141gb",
        ["b200_sxm"] = "b200-sxm-180gb", ["b300_sxm"] = "b300-sxm-288gb", ["gb200"] = "gb200", ["gb300"] = "gb300",
        ["l40s"] = "l40s", ["rtx_pro_6000_server"] = "rtx-pro-6000-blackwell-server", ["b60"] = "arc-pro-b60",
    };

    private static readonly Dictionary<string, KernelFormat> s_formats = new(StringComparer.Ordinal)
    {
        ["bfloat16"] = KernelFormat.Bf16, ["fp8"] = KernelFormat.Fp8, ["fp8_block"] = KernelFormat.Fp8Block,
        ["nvfp4"] = KernelFormat.Nvfp4, ["w4a16_mxfp4"] = KernelFormat.Mxfp4, ["w4a8_mxfp4_mxfp8"] = KernelFormat.Mxfp4Fp8,
        ["sq"] = KernelFormat.Int8, ["int8_wo"] = KernelFormat.Int8Weights, ["int4_wo"] = KernelFormat.Int4Weights,
    };

    /// <summary>Every set, in the order of operator, GPU, variant and engine.</summary>
    /// <param name="root">The repository.</param>
    public static List<KernelSet> Read(string root)
    {
        var sets = new Dictionary<(KernelOperator, string, string, string), KernelSet>();
        foreach (Reader reader in s_readers)
        {
            foreach (TimingRow row in Rows(Path.Combine(root, Folder, reader.File + ".csv.gz")))
            {
                foreach ((KernelOperator kind, string variant, string engine, double[] sizes, string shape) in reader.Read(row))
                {
                    string gpu = s_gpus[row["gpu"]];
                    var key = (kind, variant, gpu, engine);
                    if (!sets.TryGetValue(key, out KernelSet? set))
                    {
                        sets.Add(key, set = new(kind, variant, gpu, engine));
                    }

                    set.Rows.Add(new(sizes, row.Real("latency") * 1e-3, shape) 
                    {
                        Kernel = row["kernel_source"],
                        Beside = reader.Beside?.Invoke(row) ?? 0,
                    });
                    set.Releases.Add($"{row["engine"]} {row["version"]}");
                }
            }
        }

        return
        [
            .. sets.Values.Select(MainKernels).Select(WithinPeaks).Where(set => set.Rows.Count >= 20)
                .OrderBy(set => set.Operator).ThenBy(set => set.Gpu, StringComparer.Ordinal)
                .ThenBy(set => set.Variant, StringComparer.Ordinal).ThenBy(set => set.Engine, StringComparer.Ordinal),
        ];
    }

    // Of experts the kernel that most timings have: others are for shapes or models that it cannot take.
    private static KernelSet MainKernels(KernelSet set)
    {
        string most = set.Rows.GroupBy(row => row.Kernel).OrderByDescending(of => of.Count())
            .ThenBy(of => of.Key, StringComparer.Ordinal).First().Key;
        List<KernelTiming> rows = [.. set.Rows.Where(row => set.Operator != KernelOperator.Experts || row.Kernel == most)];
        return set with { Rows = rows, Kernels = new(rows.Select(row => row.Kernel), StringComparer.Ordinal) };
    }

    // A timing faster than the memory can be was read from the cache of the run before: no step of a model finds it there.
    private static KernelSet WithinPeaks(KernelSet set) => set.With(set.Rows.Where(row =>
    {
        (double reading, double computing) = set.Least(row.Sizes);
        return row.Seconds > 1e-7 && row.Seconds >= Math.Max(reading, computing);
    }));

    private static IEnumerable<TimingRow> Rows(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        Dictionary<string, int>? head = null;
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split(',');
            if (head is null)
            {
                head = cells.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => c.i, StringComparer.Ordinal);
            }
            else
            {
                yield return new(head, cells);
            }
        }
    }

    private sealed record Reader(string File,
        Func<TimingRow, IEnumerable<(KernelOperator Kind, string Variant, string Engine, double[] Sizes, string Shape)>> Read,
        Func<TimingRow, double>? Beside = null);

    private sealed record TimingRow(Dictionary<string, int> Head, string[] Cells)
    {
        public string this[string name] => Cells[Head[name]];

        public double Real(string name) => double.Parse(this[name], CultureInfo.InvariantCulture);
    }
}
