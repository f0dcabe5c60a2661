namespace LlmMath.Speed.Pass;

/// <summary>Seconds of one forward pass, by what takes them. The parts add up to <see cref="Total"/>.</summary>
/// <param name="Weights">Reading weights, as far as it is not hidden.</param>
/// <param name="Products">Matrix products, as far as they are not hidden.</param>
/// <param name="Cache">Reading the cache, as far as it is not hidden.</param>
/// <param name="Attention">Attention's products, as far as they are not hidden.</param>
/// <param name="Communication">Collectives between GPUs.</param>
/// <param name="Overhead">Launching kernels, scheduling, sampling.</param>
/// <param name="Activations">Moving what enters and leaves the matrices.</param>
internal readonly record struct PassTime(
    double Weights, double Products, double Cache, double Attention, double Communication, double Overhead,
    double Activations = 0)
{
    public double Total => Weights + Products + Cache + Attention + Communication + Overhead + Activations;

    /// <summary>The sum with another pass, part by part.</summary>
    public PassTime Plus(in PassTime other, double times) => new(
        Weights + (times * other.Weights), Products + (times * other.Products), Cache + (times * other.Cache),
        Attention + (times * other.Attention), Communication + (times * other.Communication), Overhead + (times * other.Overhead),
        Activations + (times * other.Activations));
}
