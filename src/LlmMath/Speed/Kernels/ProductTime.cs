namespace LlmMath.Speed.Kernels;

/// <summary>Time of matrix products with weights of one shape.</summary>
/// <param name="Timed">Seconds as timed, over tokens.</param>
/// <param name="WeightBits">Bits of a weight, scales included.</param>
/// <param name="Outputs">Width of the result.</param>
/// <param name="Inputs">Width of the input.</param>
/// <param name="Rate">Dense peak, operations a second.</param>
/// <param name="BytesPerSecond">Peak bandwidth.</param>
internal sealed record ProductTime(
    LogLine Timed, double WeightBits, double Outputs, double Inputs, double Rate, double BytesPerSecond)
{
    /// <summary>Seconds for so many tokens, which lie there in the table; never faster than the bound.</summary>
    public double Seconds(double tokens, in LogCut at) => DeviceKernels.Floor(
        Timed.Seconds(at), KernelWork.Product(WeightBits, 16, tokens, Outputs, Inputs), Rate, BytesPerSecond);
}
