using LlmMath.Basics;
using LlmMath.Engines;
using LlmMath.Memory;
using LlmMath.Speed;

namespace LlmMath.Planning.Search;

/// <summary>What is known of an engine on a kind of GPU, whatever the model.</summary>
/// <param name="Room">Bytes of a GPU that it can fill.</param>
/// <param name="Best">The best that its times may rest on, whatever the model.</param>
/// <param name="First">How many times the expected time to the first token the limit's percentile is, at least.</param>
/// <param name="Inter">The same of the time between tokens.</param>
/// <param name="Constants">What it was measured to take there; null where that depends on what is served, or is not
/// known.</param>
internal readonly record struct EngineThere(long Room, Basis Best, double First, double Inter, EngineConstants? Constants)
{
    /// <summary>It, for the percentiles of a demand.</summary>
    public static EngineThere Of(Engine engine, Gpu gpu, Demand demand)
    {
        long room = gpu.IsMemoryKnown ? MemoryFit.RoomFor(engine.On(gpu), gpu).Bytes : 0;
        if (engine.Speed is not { } known)
        {
            return new(room, Basis.Bound, 1, 1, null);
        }

        Basis basis = BestOf(EngineChoice.Of(known, gpu).Basis);
        // One's own measurements move ranges by what is served.
        if (known.Own.Any(row => row.Gpu == gpu.Name) || engine.On(gpu).Speed is not { } there)
        {
            return new(room, basis, 1, 1, null);
        }

        ServiceRequirements r = demand.Requirements;
        there = there.With(null, gpu, engine.Name);
        (EngineGeneration generation, Basis rests) = EngineChoice.Of(there, gpu);
        (Spread first, Spread inter) = EngineChoice.Ranges(there, engine.Name, gpu, generation, BestOf(rests), false);
        return new(room, basis, Latencies.Times(first.High, demand.PercentileOf(r.TimeToFirstToken)),
            Latencies.Times(inter.High, demand.PercentileOf(r.InterTokenLatency)), generation.Constants);
    }

    // A range is the narrower the better what it rests on is. On a GPU that was not measured kernels may have been.
    private static Basis BestOf(Basis hardware) => hardware == Basis.Interpolated ? Basis.KernelsMeasured : hardware;
}
