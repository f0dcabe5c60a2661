using LlmMath.Planning;
using LlmMath.Planning.Search;
using LlmMath.Speed;

namespace LlmMath.Tests.Planning.Search;

/// <summary>What the search cuts by is never more than what it would find.</summary>
public class BoundTests
{
    /// <summary>The bound of the hardware, and what an engine takes beside between tokens, are below every engine's expected
    /// time, so that what they cut is hopeless.</summary>
    [Fact]
    public void TheBoundIsBeatenByNoEngine()
    {
        Engine bound = EngineCatalog.Find("reference");
        var worst = new List<string>();
        foreach (ServiceRequirements r in DrawnRequirements.All(40, seed: 3))
        {
            var demand = new Demand(r);
            Workload load = demand.Workload;
            foreach (Engine engine in r.Engines.Where(engine => engine.SupportsGpu(r.Gpus[0])))
            {
                var on = new Deployment(r.Models[0], r.Gpus[0], engine, r.Weights[r.Models.Count % 2])
                {
                    Placement = new() { Tensor = r.GpusPerReplica[1] },
                };
                var candidate = new Candidate(new(on.Model, on.Weights), new(on.Gpu!, []), engine, on.Placement,
                    EngineThere.Of(engine, on.Gpu!, demand));
                TimeSpan beside = candidate.Overhead(demand).Inter * TimeSpan.FromSeconds(load.OutputTokens - 1);
                foreach (int places in (int[])[1, 8, 64, 512])
                {
                    Workload asked = load with { Requests = places };
                    if (on.Speed(asked) is { Fits: true } e)
                    {
                        InferenceEstimate least = (on with { Engine = bound }).Speed(asked);
                        // How a whole answer's time falls into its two parts under load, engines choose: limits of these are
                        // held against the bound with one request at a time alone.
                        if (least.TotalTime.Expected + beside > e.TotalTime.Expected || (places == 1
                            && (least.TimeToFirstToken.Expected > e.TimeToFirstToken.Expected
                            || least.InterTokenLatency.Expected > e.InterTokenLatency.Expected)))
                        {
                            worst.Add($"{on} {asked}: {least.TotalTime} against {e.TotalTime}");
                        }
                    }
                }
            }
        }

        Assert.True(worst.Count == 0, string.Join("\n", worst));
    }

    /// <summary>What the ideal GPU takes, times the ratio of peaks, is never more than what the hardware takes on a GPU: with it
    /// candidates are cut before that is asked.</summary>
    [Fact]
    public void TheIdealGpuIsBeatenByNone()
    {
        var worst = new List<string>();
        int compared = 0;
        foreach (ServiceRequirements r in DrawnRequirements.All(60, seed: 4))
        {
            var demand = new Demand(r);
            foreach (Gpu gpu in GpuCatalog.All.Where((_, at) => at % 7 == r.Gpus.Count))
            {
                var engine = EngineThere.Of(EngineCatalog.Vllm, gpu, demand);
                var candidate = new Candidate(new(r.Models[0], r.Weights[compared % 2]), new(gpu, []), EngineCatalog.Vllm,
                    new() { Tensor = r.GpusPerReplica[compared % 2] }, engine);
                double scale = ReferenceBound.ScaleOf(candidate);
                ReferenceBound? ideal = ReferenceBound.Of(demand, candidate, ReferenceBound.Ideal),
                    own = ReferenceBound.Of(demand, candidate, gpu);
                Assert.Equal(own is null, scale == 0);
                if (own is null)
                {
                    continue;
                }

                compared++;
                foreach (DropReason limit in TrialStep.Limits)
                {
                    if (ideal!.Times(scale).Of(limit, demand, engine, default) > own.Times(1).Of(limit, demand, engine, default))
                    {
                        worst.Add($"{candidate}: {limit}");
                    }
                }
            }
        }

        Assert.True(compared > 500 && worst.Count == 0, $"{compared}: {string.Join("\n", worst)}");
    }

    /// <summary>An engine's time at a limit's percentile is never less than what the bound and the engine's own part of it say,
    /// with one request at a time.</summary>
    [Fact]
    public void TheBoundOfAPercentileIsBeatenByNoEngine()
    {
        var worst = new List<string>();
        int compared = 0, wider = 0;
        foreach (ServiceRequirements r in DrawnRequirements.All(60, seed: 5))
        {
            ServiceRequirements whole = r with { EndToEnd = LatencyLimit.Of(1e7, 90), Budget = null };
            var demand = new Demand(whole);
            foreach (Engine engine in r.Engines)
            {
                var there = EngineThere.Of(engine, r.Gpus[0], demand);
                var candidate = new Candidate(new(r.Models[0], r.Weights[compared % 2]), new(r.Gpus[0], []), engine,
                    new() { Tensor = r.GpusPerReplica[compared % 2] }, there);
                ServiceRequirements free = whole with
                {
                    TimeToFirstToken = Free(r.TimeToFirstToken), InterTokenLatency = Free(r.InterTokenLatency),
                };
                if (!engine.SupportsGpu(r.Gpus[0]) || ReferenceBound.Of(demand, candidate, r.Gpus[0]) is not { } bound
                    || candidate.Deployment.Memory(Workload.OfContext(1)).Fits != true)
                {
                    continue;
                }

                EngineOverhead beside = candidate.Overhead(demand);
                Assert.True(beside is { First: > 0, Inter: > 0 }, $"{candidate.Deployment}: {beside}");
                wider += there.First > 1 && there.Inter > 1 ? 1 : 0;
                foreach (TrialStep step in new Trial(new Demand(free), candidate.Deployment).Steps.Take(4))
                {
                    compared++;
                    worst.AddRange(TrialStep.Limits.ToArray()
                        .Where(limit => bound.Times(1).Of(limit, demand, there, beside) > step.SecondsOf(limit))
                        .Select(limit => $"{candidate.Deployment} {limit}: {step.SecondsOf(limit)}"));
                }
            }
        }

        // That the percentile widens most of the bounds is part of the claim.
        Assert.True(compared > 100 && wider > compared / 10, $"{compared} steps, {wider} wider");
        Assert.True(worst.Count == 0, string.Join("\n", worst));

        static LatencyLimit? Free(LatencyLimit? limit) =>
            limit is { } known ? known with { AtMost = TimeSpan.FromHours(1000) } : null;
    }
}
