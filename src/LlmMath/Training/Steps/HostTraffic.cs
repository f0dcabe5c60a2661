using LlmMath.Training.Memory;

namespace LlmMath.Training.Steps;

/// <summary>What a step takes longer for what lies in the host's memory or on its drives.</summary>
/// <param name="Moved">Seconds of copies between the GPU and the host.</param>
/// <param name="Worked">Seconds of the optimizer's step by the processor, and of the drives.</param>
/// <param name="Overlaps">Whether copies run while the GPU computes.</param>
internal readonly record struct HostTraffic(double Moved, double Worked, bool Overlaps)
{
    // The slowest PCI Express of the catalog stands for what nobody sourced.
    private const double SlowestLink = 32e9;

    /// <summary>Bytes a second of one direction between a GPU and the host's memory: the node's, the GPU's, or that of PCI
    /// Express 3 where neither is known, which is the slowest of the catalog.</summary>
    public static double LinkOf(Deployment on) =>
        (on.Node.PcieBytesPerSecond ?? on.Gpu?.PcieBytesPerSecond ?? SlowestLink) / 2;

    /// <summary>
    /// Seconds of a step, or of a pass without a way back, of the stage that waits longest. Optimizer: its gradients go to the
    /// host and its parameters come back, and the processor reads and writes its state, at the rate of the machine's memory that
    /// each GPU has its part of. Parameters: read for each pass forward, forward again and back of each micro-batch. Activations:
    /// written once and read once. Drives: what is read and written there, at their rate. Source: Ren et al. (ZeRO-Offload),
    /// arXiv:2101.06840, section 4; Rajbhandari et al. (ZeRO-Infinity), arXiv:2104.07857, section 4. Copies at a link's rate and
    /// a step at the memory's are bounds: real ones take longer.
    /// </summary>
    public static HostTraffic Of(PlacedRun run, bool isPass)
    {
        double moved = 0, worked = 0;
        foreach (PlacedStage stage in run.Stages)
        {
            (double here, double host) = Of(run, stage, isPass);
            (moved, worked) = here + host > moved + worked ? (here, host) : (moved, worked);
        }

        return new(moved, worked, run.Trainer.OverlapsOffload);
    }

    /// <summary>The same of one of so many.</summary>
    public HostTraffic Each(double of) => new(Moved / of, Worked / of, Overlaps);

    private static (double Moved, double Worked) Of(PlacedRun run, PlacedStage stage, bool isPass)
    {
        Offload offload = run.Run.Offload;
        Node node = run.On.Node;
        double micros = run.MicroBatches, sharing = Math.Min(node.Gpus, run.On.Placement.Gpus);
        double copied = 0, worked = 0, onDrives = 0;
        if (offload.HasFlag(Offload.Parameters))
        {
            double passes = isPass ? 1 : run.Run.Recomputation >= Recomputation.ByOperator ? 3 : 2;
            double read = micros * passes * (stage.States.Parameters.Bytes + stage.Frozen);
            (copied, onDrives) = (read, read);
        }

        if (offload.HasFlag(Offload.Optimizer) && !isPass)
        {
            // Each GPU updates its share, and gets no more than that back.
            double share = run.On.Placement.Sharding == Sharding.None ? 1 : run.On.Placement.ShardingDegree;
            double state = 2.0 * (stage.States.Copies.Bytes + stage.States.Moments.Bytes);
            double both = stage.Trained / share * (run.Adapted is null
                ? run.Recipe.GradientBytes + run.Recipe.ParameterBytes : 2 * run.Trainer.AdapterBytes);
            copied += both;
            worked = (state + both) * sharing / node.HostRate;
            onDrives += state;
        }

        var memory = new StageMemory(run, stage);
        copied += isPass ? 0 : 2 * micros * memory.KeptOnHost / memory.Micros;
        double drives = offload.HasFlag(Offload.Nvme) && node.NvmeBytesPerSecond is { } rate ? onDrives * sharing / rate : 0;
        return (copied / LinkOf(run.On), worked + drives);
    }
}
