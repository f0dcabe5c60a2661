using LlmMath.Engines;

namespace LlmMath.Speed.Own;

/// <summary>What of the variance of ln(measured ÷ profile) two times of one machine have in common: shares that sum to
/// 1.</summary>
/// <param name="Machine">Any two.</param>
/// <param name="Model">Two of one model, also in other formats.</param>
/// <param name="File">Two of one model in one format, its tensors lying alike.</param>
/// <param name="Position">The same at nearby lengths and numbers of requests; of it e^(−d ÷ 1.5), d = |ln of the ratio of their
/// tokens + 1,024| + |ln of the ratio of their requests|.</param>
/// <param name="Row">None: what another run of the same would give.</param>
internal readonly record struct OwnShares(double Machine, double Model, double File, double Position, double Row)
{
    // Lengths below some thousand tokens cost alike; beyond, what differs by this factor hardly tells of another.
    private const double ShortTokens = 1024, PositionWidth = 1.5;

    /// <summary>Of reading prompts on hardware that was measured: found by the greatest likelihood on rows of llama.cpp and its
    /// fork, each estimated by a fit that has not seen its model on its GPU. <c>src/LlmMath.Calibration -- own</c> prints them,
    /// and how they fare on machines that they were not found on.</summary>
    public static OwnShares Prompt { get; } = new(0.092, 0.332, 0.332, 0.202, 0.042);

    /// <summary>The same of the time between tokens.</summary>
    public static OwnShares BetweenTokens { get; } = new(0.03, 0.48, 0.2, 0.26, 0.03);

    /// <summary>The same where the range is wider because the hardware was not measured: what is added is the
    /// machine's.</summary>
    /// <param name="measured">The range of hardware that was measured.</param>
    /// <param name="widened">The wider one.</param>
    public OwnShares Widened(Spread measured, Spread widened)
    {
        double part = Width(measured) / Width(widened);
        part *= part;
        return new(1 - (part * (1 - Machine)), part * Model, part * File, part * Position, part * Row);
    }

    /// <summary>What two times have in common, without <see cref="Row"/>.</summary>
    public double Between(in OwnPlace a, in OwnPlace b)
    {
        if (a.Parameters != b.Parameters)
        {
            return Machine;
        }

        if (a.Weights != b.Weights || a.Layout != b.Layout)
        {
            return Machine + Model;
        }

        double distance = Math.Abs(Math.Log((a.Tokens + ShortTokens) / (b.Tokens + ShortTokens)))
            + Math.Abs(Math.Log(a.Requests / b.Requests));
        return Machine + Model + File + (Position * Math.Exp(-distance / PositionWidth));
    }

    /// <summary>The standard deviation that eight of ten between two factors mean: ln(high ÷ low) ÷ 2.563.</summary>
    public static double Width(Spread spread) => Math.Log(spread.High / spread.Low) / 2.5631;
}
