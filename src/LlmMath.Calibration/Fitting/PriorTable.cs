using System.Globalization;
using System.Reflection;
using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>A prior for each constant, in the order of <see cref="EngineConstant.All"/>: a table beside this file.</summary>
internal sealed record PriorTable
{
    // In the order of Sharing.
    private static readonly string[] s_widths =
        ["all", "engine", "vendor", "generation", "engine_on_generation", "gpu", "release"];

    /// <summary>Of servers. Widths were chosen by hand, by cross-validation (leave a model × GPU out) over all engines
    /// together.</summary>
    public static PriorTable Serving { get; } = Read("serving");

    /// <summary>Of engines that answer one request at a time on one machine.</summary>
    public static PriorTable OneMachine { get; } = Read("one-machine");

    /// <summary>Of llama.cpp and its fork today.</summary>
    public static PriorTable Today { get; } = Read("today");

    /// <summary>The priors.</summary>
    public required ValueList<Prior> Priors { get; init; }

    /// <summary>The table with other widths: of each free constant, what this gives for how wide it was.</summary>
    public PriorTable WithWidths(Func<Sharing, double, double> width) => new()
    {
        Priors = [.. Priors.Select(prior => prior with
        {
            Widths = [.. prior.Widths.Select((wide, shared) => prior.Widths.All(w => w == 0) ? 0 : width((Sharing)shared, wide))],
        })],
    };

    private static PriorTable Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{name}.tsv")!;
        using var reader = new StreamReader(stream);
        string[][] lines = [.. reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && !line.StartsWith('#'))
            .Select(line => line.Split('\t'))];
        string[] expected = ["constant", "stage", "center", .. s_widths];
        if (!lines[0].SequenceEqual(expected) || !lines.Skip(1).Select(line => line[0])
            .SequenceEqual(EngineConstant.All.Select(constant => constant.Name)))
        {
            throw new InvalidDataException($"{name}.tsv: its columns must be {string.Join(", ", expected)}, and its lines name "
                + "each constant of EngineConstant.All once, in that order.");
        }

        return new()
        {
            Priors = [.. lines.Skip(1).Select(line => new Prior(Number(line[2]), line[1] == "waits")
            {
                Widths = [.. line.Skip(3).Select(Number)],
            })],
        };

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }
}
