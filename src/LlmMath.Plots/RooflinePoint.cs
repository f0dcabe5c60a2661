namespace LlmMath.Plots;

/// <summary>Where a pass lies under the roof. The time of its arithmetic alone, and of its bytes alone, are those of the
/// hardware's bound on a GPU that is the same but for arithmetic, or memory, that is slower beyond measure.</summary>
internal static class RooflinePoint
{
    // So much slower that the rest of a pass is nothing beside it.
    private const double Slower = 1e6;

    /// <summary>A token of each request.</summary>
    public static (double X, double Y) OfToken(Deployment on, in InferenceEstimate e) =>
        Of(on, e, one => one.InterTokenLatency.Expected.TotalSeconds);

    /// <summary>A prompt, until the first token.</summary>
    public static (double X, double Y) OfPrompt(Deployment on, in InferenceEstimate e) =>
        Of(on, e, one => one.TimeToFirstToken.Expected.TotalSeconds);

    private static (double X, double Y) Of(Deployment on, in InferenceEstimate e, Func<InferenceEstimate, double> seconds)
    {
        Gpu gpu = on.Gpu!;
        Deployment bound = on with { Engine = EngineCatalog.Bound };
        Gpu weak = gpu with { PeakRates = Slowed(gpu.PeakRates) };
        Gpu narrow = gpu with { BytesPerSecond = gpu.BytesPerSecond / Slower };
        double arithmetic = seconds((bound with { Gpu = weak }).Speed(e.Workload)) / Slower;
        double bytes = seconds((bound with { Gpu = narrow }).Speed(e.Workload)) / Slower;
        return (arithmetic / bytes, arithmetic / seconds(e));
    }

    private static PeakRates Slowed(PeakRates r) => r with
    {
        Fp32 = r.Fp32 / Slower, Tf32 = r.Tf32 / Slower, Fp16 = r.Fp16 / Slower, Bf16 = r.Bf16 / Slower,
        Fp16Accumulate16 = r.Fp16Accumulate16 / Slower, Fp8 = r.Fp8 / Slower, Int8 = r.Int8 / Slower, Int4 = r.Int4 / Slower,
        Fp4 = r.Fp4 / Slower,
    };
}
