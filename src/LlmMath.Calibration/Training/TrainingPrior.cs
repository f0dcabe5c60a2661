using System.Globalization;
using System.Reflection;
using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>Where a constant of a trainer's speed is expected before any row is seen.</summary>
/// <param name="IsKernels">Whether it is of the kernels, not the trainer's own.</param>
/// <param name="Center">Its usual value, in the units of <see cref="TrainingConstant.All"/>.</param>
/// <param name="Most">The most that it can be.</param>
/// <param name="Width">How far what all rows share may stray from the center, as a factor's logarithm.</param>
internal sealed record TrainingPrior(bool IsKernels, double Center, double Most, double Width)
{
    private const string Table = "training.tsv";

    /// <summary>One for each constant, in the order of <see cref="TrainingConstant.All"/>: a table among the priors.</summary>
    public static IReadOnlyList<TrainingPrior> All { get; } = Read();

    private static TrainingPrior[] Read()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Table)!;
        using var reader = new StreamReader(stream);
        string[][] lines = [.. reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && !line.StartsWith('#')).Skip(1)
            .Select(line => line.Split('\t'))];
        return lines.Select(line => line[0]).SequenceEqual(TrainingConstant.All.Select(constant => constant.Name))
            ? [.. lines.Select(line =>
                new TrainingPrior(line[1] == "kernels", Number(line[2]), Number(line[3]), Number(line[4])))]
            : throw new InvalidDataException(
                $"{Table}: its lines must name each constant of TrainingConstant.All once, in that order.");

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }
}
