using System.Globalization;
using System.Text;
using LlmMath.Engines.Json;
using LlmMath.Engines.Kernels;
using LlmMath.Speed.Kernels;

namespace LlmMath.Calibration.Kernels;

/// <summary>Fits every set, writes catalog/kernels and prints what is held out.</summary>
internal static class KernelFiles
{
    /// <summary>Where the profiles lie.</summary>
    public const string Folder = "catalog/kernels";

    // Which GPUs were timed, which compute capability they have, and which generations run kernels most like theirs.
    // Capabilities:
    // docs.nvidia.com/cuda/cuda-c-programming-guide, "Compute Capabilities".
    private static readonly (string Name, string Capability, string[] Gpus, string[] Architectures)[] s_files =
    [
        ("ada", "8.9", ["l40s"], ["Ada Lovelace", "Ampere", "RDNA 2", "RDNA 3", "RDNA 3.5", "RDNA 4"]),
        ("ampere", "8.0", ["a100-sxm-80gb"], ["Ampere GA100", "Volta", "Turing"]),
        ("blackwell", "10.0, 10.3", ["b200-sxm-180gb", "b300-sxm-288gb", "gb200", "gb300"],
            ["Blackwell", "Blackwell Ultra", "Grace Blackwell", "Grace Blackwell Ultra", "Rubin"]),
        ("blackwell-workstation", "12.0", ["rtx-pro-6000-blackwell-server"], ["Blackwell"]),
        ("hopper", "9.0", ["h100-sxm-80gb", "h200-sxm-141gb"], ["Hopper", "Grace Hopper"]),
        ("xe2", "Xe2", ["arc-pro-b60"], ["Xe2-HPG", "Xe-HPG"]),
    ];

    /// <summary>Whether the library holds a set's profile: not of kernels that no pass asks for; of sparse attention and residual
    /// streams, which few models have, and of short convolutions, which take little, one GPU of each generation: peaks tell the
    /// others apart (what that errs by is the column of a GPU held out). All would be a fifth of the tables.</summary>
    /// <param name="kind">What the kernels do.</param>
    /// <param name="variant">The variant.</param>
    /// <param name="gpu">The GPU that was timed.</param>
    public static bool IsHeld(KernelOperator kind, string variant, string gpu) => kind switch
    {
        KernelOperator.Rounding => false,
        KernelOperator.AllToAll => variant == KernelVariants.Routed,
        KernelOperator.Experts => !variant.EndsWith(KernelVariants.Even, StringComparison.Ordinal),
        KernelOperator.PrefillSparse or KernelOperator.DecodeSparse or KernelOperator.Streams =>
            variant != "dsa" && s_files.Any(file => file.Gpus[0] == gpu && file.Name != "ada"),
        KernelOperator.PrefillRecurrent or KernelOperator.DecodeRecurrent =>
            !variant.EndsWith(KernelVariants.Convolution, StringComparison.Ordinal) || s_files.Any(file => file.Gpus[0] == gpu),
        _ => true,
    };

    /// <summary>Fits, writes, reports; gives the paths.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="only">The one operator to fit, others as the library has them; null for all.</param>
    /// <param name="output">Where errors are printed.</param>
    public static IEnumerable<string> Write(string root, string? only, TextWriter output)
    {
        bool IsAsked(KernelOperator kind) => only is null || KernelJson.Word(kind) == only;
        List<FittedKernels> fitted = Fit([.. KernelTimings.Read(root).Where(set => IsAsked(set.Operator))]);
        KernelReport.Print(fitted, output);
        List<KernelProfile> profiles =
        [
            .. KernelCatalog.All.SelectMany(file => file.Profiles).Where(profile => !IsAsked(profile.Operator))
                .Concat(fitted.Select(f => f.Profile)).Where(profile => IsHeld(profile.Operator, profile.Variant, profile.Gpu))
                .OrderBy(profile => profile.Operator).ThenBy(profile => profile.Gpu, StringComparer.Ordinal)
                .ThenBy(profile => profile.Variant, StringComparer.Ordinal)
                .ThenBy(profile => profile.Engine, StringComparer.Ordinal),
        ];
        foreach ((string name, string capability, string[] gpus, string[] architectures) in s_files)
        {
            string path = $"{Folder}/{name}.json";
            File.WriteAllText(Path.Combine(root, path),
                Text(capability, architectures, [.. profiles.Where(profile => gpus.Contains(profile.Gpu))]));
            yield return path;
        }

        string table = Path.Combine(root, KernelReport.Path);
        IEnumerable<string> others = only is null ? [] : File.ReadLines(table).Skip(1)
            .Where(line => !line.StartsWith(only + ",", StringComparison.Ordinal));
        File.WriteAllText(table, KernelReport.Csv(fitted, [.. others]));
        yield return KernelReport.Path;
    }

    /// <summary>Fits sets, each with what it errs on rows held out.</summary>
    public static List<FittedKernels> Fit(List<KernelSet> sets) =>
    [
        .. sets.AsParallel().AsOrdered().WithDegreeOfParallelism(2).Select(set =>
        {
            double[] shapes = KernelFit.HeldOut(set, byRow: false), rows = KernelFit.HeldOut(set, byRow: true);
            KernelProfile profile = KernelFit.Of(set) with
            {
                MedianError = FormFit.Rounded(KernelReport.Percent(shapes, 0.5)) / 100,
                HighError = FormFit.Rounded(KernelReport.Percent(shapes, 0.9)) / 100,
            };
            return new FittedKernels(set, profile, shapes, rows);
        }),
    ];

    /// <summary>Whether two timed GPUs are of one generation.</summary>
    public static bool IsLike(string gpu, string other) =>
        s_files.Any(file => file.Gpus.Contains(gpu) && file.Gpus.Contains(other));

    private static string Text(string capability, string[] architectures, List<KernelProfile> profiles)
    {
        var text = new StringBuilder();
        text.Append("{\n  \"$schema\": \"../schema/kernels.schema.json\",\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"capability\": \"{capability}\",\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"architectures\": {List(architectures)},\n  \"profiles\": [\n");
        text.AppendJoin(",\n", profiles.Select(Text));
        text.Append("\n  ],\n  \"note\": \"Fitted by src/LlmMath.Calibration, verb kernels, on catalog/evidence/kernels.\",\n");
        text.Append("  \"sources\": [\"github:ai-dynamo/aiconfigurator@095f58a51, ");
        text.Append("systems/data/<gpu>/<family>/<engine>/<release>\"]\n}\n");
        return text.ToString();
    }

    private static string Text(KernelProfile profile)
    {
        KernelForm form = profile.Form;
        ValueList<KernelAxis> axes = KernelAxis.Of(profile.Operator);
        return string.Create(CultureInfo.InvariantCulture, $$"""
                {
                  "operator": "{{KernelJson.Word(profile.Operator)}}", "variant": "{{profile.Variant}}", "gpu": "{{profile.Gpu}}",
                  "engine": "{{profile.Engine}}", "releases": {{List(profile.Releases)}},
                  "kernels": {{List(profile.Kernels)}},
                  "rows": {{profile.Rows}}, "shapes": {{profile.Shapes}},
                  "median_error_percent": {{Number(profile.MedianError * 100)}},
                  "p90_error_percent": {{Number(profile.HighError * 100)}},
                  "launch_us": {{Number(form.Launch * 1e6)}}, "bandwidth_share": {{Number(form.Bandwidth)}},
                  "compute_share": {{Number(form.Compute)}},
                  "half_read": {{Sizes(form.HalfRead)}}, "half_rate": {{Sizes(form.HalfRate)}},
                  "step_ns": {{Number(form.Step * 1e9)}}, "step_power": {{Sizes(form.StepPower)}},
                  "sharpness": {{Number(form.Sharpness)}},
                  "corrections": "{{CorrectionText.Write(profile.Corrections)}}"
                }
            """).ReplaceLineEndings("\n");

        string Sizes(ValueList<double> sizes) => "{ " + string.Join(", ", axes.Select((axis, i) => (axis, Size: sizes[i]))
            .Where(pair => pair.Size >= 1e-3)
            .Select(pair => $"\"{pair.axis.Name}\": {Number(pair.Size)}")) + " }";
    }

    private static string Number(double value) => FormFit.Rounded(value) is var rounded && rounded is >= 1e-4 and < 1e7
        ? rounded.ToString("0.########", CultureInfo.InvariantCulture)
        : rounded.ToString("G3", CultureInfo.InvariantCulture);

    private static string List(IEnumerable<string> texts) => "[" + string.Join(", ", texts.Select(text => $"\"{text}\"")) + "]";
}

/// <summary>A set, its profile, and how far fits that had not seen a row are off there: logarithms of estimate ÷
/// timing.</summary>
internal sealed record FittedKernels(KernelSet Set, KernelProfile Profile, double[] Shapes, double[] Rows);
