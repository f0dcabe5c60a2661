namespace LlmMath.Tests.Speed;

/// <summary>What was measured varies from run to run; these are relations that hold of any figures.</summary>
public class HostMachineTests
{
    private static readonly ByteSize s_small = new(8 << 20);

    [Theory]
    [InlineData("Fp32")]
    [InlineData("Q4_0")]
    public void ItsEstimatesAreMeasuredAndNoFasterThanTheBound(string name)
    {
        MatrixFormat format = MatrixFormat.All.Single(candidate =>
            string.Equals(candidate.Name, name, StringComparison.OrdinalIgnoreCase));
        var host = HostMachine.Measure(format, s_small);
        Assert.Equal((format, s_small, 1), (host.Format, host.WorkingSet, host.Threads));
        Assert.True(host.Gpu.BytesPerSecond > 0 && host.Gpu.PeakRates.Fp32 > 0);
        Assert.Equal(name == "Q4_0", host.Gpu.PeakRates.Int8 > 0);

        var decode = new Workload(promptTokens: 1, outputTokens: 16);
        var weights = WeightFormat.Find(format.Name);
        InferenceEstimate predicted = ModelCatalog.Opt125m.EstimateInference(host.Gpu, host.Engine, decode, weights);
        Assert.Equal(Basis.Measured, predicted.Basis);
        Assert.True(predicted.InterTokenLatency.Low <= predicted.InterTokenLatency.Expected);
        Assert.True(predicted.InterTokenLatency.Expected <= predicted.InterTokenLatency.High);

        // The bound multiplies at once what the prediction multiplies after it has read it.
        InferenceEstimate bound = ModelCatalog.Opt125m.EstimateInference(
            host.Gpu, EngineCatalog.Bound with
            {
                Speed = EngineCatalog.Bound.Speed! with { QuantizesActivations = host.Engine.Speed!.QuantizesActivations },
            }, decode, weights);
        Assert.True(predicted.InterTokenLatency.Expected >= bound.InterTokenLatency.Expected);
    }

    [Fact]
    public void SharingAProductAmongThreadsCostsTime()
    {
        using var workers = new KernelWorkers(2);
        var host = HostMachine.Measure(MatrixFormat.Q8_0, s_small, workers);
        Assert.Equal(2, host.Threads);
        Assert.True(Assert.Single(host.Engine.Speed!.Generations).Constants.MatrixSeconds > 0);
    }

    [Fact]
    public void ItEndsWhenCancelled()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => HostMachine.Measure(cancellation: cancelled.Token));
        // A thread of its own: a timer waits for the pool, which other tests may keep busy for longer than a measurement takes.
        using var soon = new CancellationTokenSource();
        new Thread(() =>
        {
            Thread.Sleep(20);
            soon.Cancel();
        }) { IsBackground = true }.Start();
        Assert.Throws<OperationCanceledException>(() => HostMachine.Measure(workingSet: s_small, cancellation: soon.Token));
    }

    [Fact]
    public void AWorkingSetOutOfRangeIsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => HostMachine.Measure(workingSet: new ByteSize(100)));
}
