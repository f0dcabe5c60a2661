using LlmMath.Architectures;

namespace LlmMath.Training.Steps;

/// <summary>How long a trained token takes its GPUs, by what takes the time, in seconds of one GPU.</summary>
/// <param name="Matrices">Matrix products.</param>
/// <param name="Attention">Attention and recurrent states.</param>
/// <param name="Launches">What each layer takes whatever its size.</param>
/// <param name="Communication">What is sent and not hidden.</param>
/// <param name="Unpacking">What unpacks quantized weights.</param>
/// <param name="Waiting">What stages of a pipeline wait.</param>
/// <param name="Host">What is copied to and from the host's memory and not hidden, and what its processor takes.</param>
internal readonly record struct StepTime(double Matrices, double Attention, double Launches, double Communication,
    double Unpacking, double Waiting, double Host)
{
    /// <summary>All of it.</summary>
    public double Total => Matrices + Attention + Launches + Communication + Unpacking + Waiting + Host;

    /// <summary>The GPU's dense peak of such products, in operations a second; that of 16 bits where it has none of its
    /// own.</summary>
    public static double PeakOf(ProductFormat products, Gpu gpu)
    {
        double half = gpu.PeakRates.Bf16 ?? gpu.PeakRates.Fp16 ?? 1;
        return products switch
        {
            ProductFormat.Float8 => gpu.PeakRates.Fp8 ?? half,
            ProductFormat.Float4 => gpu.PeakRates.Fp4 ?? half,
            _ => half,
        };
    }

    /// <summary>
    /// operations ÷ (share of the peak × w ÷ (w + half)), w the width of the residual stream, experts' by a factor of their own;
    /// attention by its share of the 16-bit peak, or of float32's; layers × seconds, those with experts more by theirs; bytes ×
    /// what is not hidden ÷ the link's rate; bytes of unpacked weights × a factor ÷ the memory's rate; what stages wait; and what
    /// the host takes.
    /// </summary>
    /// <param name="work">What the token asks.</param>
    /// <param name="values">The trainer's constants, in the order of <see cref="Engines.TrainingConstant.All"/>.</param>
    /// <param name="products">In which format matrices are multiplied.</param>
    /// <param name="gpu">The GPU, with a 16-bit rate.</param>
    public static StepTime Of(in StepWork work, ReadOnlySpan<double> values, ProductFormat products, Gpu gpu)
    {
        double half = PeakOf(ProductFormat.Half, gpu), peak = PeakOf(products, gpu);
        double share = products switch
        {
            ProductFormat.Float8 => values[1],
            ProductFormat.Float4 => values[2],
            _ => values[0],
        };
        share *= work.Width / (work.Width + values[4]);
        double matrices = (work.Dense + (work.Experts / values[3])) / (share * peak);
        double attention = work.Attention / (values[5] * (work.IsWide ? Math.Min(half, gpu.PeakRates.Fp32 ?? half) : half));
        double launches = ((work.LayerPasses * values[6]) + (work.MixturePasses * values[11])) * 1e-6;
        double link = gpu.LinkBytesPerSecond > 0 ? gpu.LinkBytesPerSecond / 2 : 1e11;
        double sent = ((work.GatheredBytes * values[7]) + (work.TensorBytes * values[8]) + (work.ExpertBytes * values[9])) / link;
        double unpacking = work.UnpackedBytes * values[10] / (gpu.BytesPerSecond ?? double.PositiveInfinity);
        double busy = matrices + attention + launches + sent + unpacking;
        return new(matrices, attention, launches, sent, unpacking, busy * ((1 / work.Filled) - 1),
            work.Host.Worked + (work.Host.Overlaps ? Math.Max(0, work.Host.Moved - busy) : work.Host.Moved));
    }
}
