namespace LlmMath.Calibration;

/// <summary>What may be left out of a fit together, so that rows of it are like rows that nobody has measured.</summary>
/// <param name="Name">What it is called in tables.</param>
/// <param name="KeyOf">Which part of the evidence a row is left out with.</param>
/// <param name="Predicted">Seconds of a row from the fit without that part; null where there is none.</param>
internal sealed record LeftOut(string Name, Func<Observation, string> KeyOf, Func<FittedRow, double?> Predicted)
{
    /// <summary>A model on a GPU.</summary>
    public static LeftOut Group { get; } = new("a model on a GPU", row => row.Group.ToString(), row => row.Unseen);

    /// <summary>A model, by its shape, on every GPU.</summary>
    public static LeftOut Model { get; } = new("a model",
        row => row.Group.Parameters.ToString("D", null), row => row.WithoutModel);

    /// <summary>A GPU.</summary>
    public static LeftOut Gpu { get; } = new("a GPU", row => row.Gpu.Name, row => row.WithoutGpu);

    /// <summary>A source.</summary>
    public static LeftOut Source { get; } = new("a source", row => row.Source, row => row.WithoutSource);

    /// <summary>All of them.</summary>
    public static ValueList<LeftOut> All { get; } = [Group, Model, Gpu, Source];
}
