using LlmMath.Planning;
using LlmMath.Planning.Search;

namespace LlmMath.Tests.Planning.Search;

public class PlannerTests
{
    private static readonly ServiceRequirements s_chat = ServiceRequirements.For(
        UseCase.Chat, ServiceLoad.OfUsers(200), ModelCatalog.Llama3_1_8b) with
        {
            Gpus = [GpuCatalog.Find("l40s"), GpuCatalog.Find("h100-sxm-80gb")], Engines = [EngineCatalog.Vllm],
        };

    /// <summary>What is cut unseen is never what a search over everything finds, down to the last of the plans.</summary>
    [Fact]
    public void CutIsOnlyTheHopeless()
    {
        long candidates = 0, estimated = 0, plans = 0;
        foreach (ServiceRequirements r in DrawnRequirements.All(200, seed: 1))
        {
            PlanSearch cut = PlanSearch.Of(r), all = PlanSearch.Of(r, cuts: false);
            PlanDraft[] kept = [.. cut.Standing.Kept];
            Assert.Equal(all.Standing.Kept.Select(Line), kept.Select(Line));
            // Everything that was looked at is a plan or fell out for a reason.
            Assert.Equal(cut.Candidates, kept.Length + cut.Drops.Sum(drop => drop.Count));
            Assert.Equal(all.Candidates, kept.Length + all.Drops.Sum(drop => drop.Count));
            Assert.True(kept.Length <= r.Keep);
            (candidates, estimated, plans) = (candidates + cut.Candidates, estimated + cut.Estimated, plans + kept.Length);
        }

        // That something is cut, and something found, is part of the claim.
        Assert.True(estimated < candidates / 2 && plans > 100, $"{estimated} of {candidates} estimated, {plans} plans");
    }

    /// <summary>A higher price, a tighter limit and more users never make a plan cheaper.</summary>
    [Fact]
    public void WhatIsAskedMoreOfCostsNoLess()
    {
        foreach (ServiceRequirements r in DrawnRequirements.All(40, seed: 2))
        {
            double usd = Usd(r);
            PriceList dearer = r.Prices with
            {
                Instances = [.. r.Prices.Instances.Select((price, at) => at % 3 == 0
                    ? price with { UsdPerHour = price.UsdPerHour * 1.5 } : price)],
            };
            Assert.True(Usd(r with { Prices = dearer }) >= usd, "prices");
            Assert.True(Usd(r with { TimeToFirstToken = Tighter(r.TimeToFirstToken) }) >= usd, "first token");
            Assert.True(Usd(r with { InterTokenLatency = Tighter(r.InterTokenLatency) }) >= usd, "between tokens");
            Assert.True(Usd(r with { Load = r.Load.Times(1.7) }) >= usd, $"load: {r.Load}");
            Assert.True(Usd(r with { GrowthPerYear = 0.5 }) >= usd || r.Load.BatchRequests is not null, "growth");
        }

        static LatencyLimit? Tighter(LatencyLimit? limit) =>
            limit is { } known ? known with { AtMost = known.AtMost * 0.7 } : LatencyLimit.Of(800);

        static double Usd(ServiceRequirements r) =>
            PlanSearch.Of(r).Standing.Kept.FirstOrDefault()?.Usd ?? double.PositiveInfinity;
    }

    /// <summary>The bound of the hardware is below every engine's expected time, so that what it cuts is hopeless.</summary>
    [Fact]
    public void TheBoundIsBeatenByNoEngine()
    {
        Engine bound = EngineCatalog.Find("reference");
        var worst = new List<string>();
        foreach (ServiceRequirements r in DrawnRequirements.All(40, seed: 3))
        {
            Workload load = new Demand(r).Workload;
            foreach (Engine engine in r.Engines.Where(engine => engine.SupportsGpu(r.Gpus[0])))
            {
                var on = new Deployment(r.Models[0], r.Gpus[0], engine, r.Weights[r.Models.Count % 2])
                {
                    Placement = new() { Tensor = r.GpusPerReplica[1] },
                };
                foreach (int places in (int[])[1, 8, 64, 512])
                {
                    Workload asked = load with { Requests = places };
                    if (on.Speed(asked) is { Fits: true } e)
                    {
                        InferenceEstimate least = (on with { Engine = bound }).Speed(asked);
                        // How a whole answer's time falls into its two parts under load, engines choose: limits of these are
                        // held against the bound with one request at a time alone.
                        if (least.TotalTime.Expected > e.TotalTime.Expected || (places == 1
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
                    if (ideal!.Least(limit, engine, scale) > own.Least(limit, engine, 1))
                    {
                        worst.Add($"{candidate}: {limit}");
                    }
                }
            }
        }

        Assert.True(compared > 500 && worst.Count == 0, $"{compared}: {string.Join("\n", worst)}");
    }

    /// <summary>An engine's time at a limit's percentile is never less than what its bound says, with one request at a
    /// time.</summary>
    [Fact]
    public void TheBoundOfAPercentileIsBeatenByNoEngine()
    {
        var worst = new List<string>();
        int compared = 0;
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

                foreach (TrialStep step in new Trial(new Demand(free), candidate.Deployment).Steps.Take(4))
                {
                    compared++;
                    worst.AddRange(TrialStep.Limits.ToArray()
                        .Where(limit => bound.Least(limit, there, 1) > step.SecondsOf(limit))
                        .Select(limit => $"{candidate.Deployment} {limit}: {step.SecondsOf(limit)}"));
                }
            }
        }

        Assert.True(compared > 100 && worst.Count == 0, $"{compared}: {string.Join("\n", worst)}");

        static LatencyLimit? Free(LatencyLimit? limit) =>
            limit is { } known ? known with { AtMost = TimeSpan.FromHours(1000) } : null;
    }

    /// <summary>A replica more never lengthens the wait.</summary>
    [Fact]
    public void MoreReplicasAreNoSlower()
    {
        var demand = new Demand(s_chat with { Load = ServiceLoad.OfRate(20) });
        var trial = new Trial(demand, new Deployment(s_chat.Models[0], s_chat.Gpus[1], s_chat.Engines[0], WeightFormat.Fp8));
        (double replicas, TrialStep step, _) = PlanFinding.Best(demand, trial)!.Value;
        for (double more = replicas + 1; more < replicas + 20; more++)
        {
            TrialStep next = PlanFinding.At(demand, trial, more);
            Assert.True(next.FirstToken <= step.FirstToken && next.InterToken <= step.InterToken
                && next.EndToEnd <= step.EndToEnd);
            step = next;
        }
    }

    /// <summary>With the limit moved as far as the nearest miss says there is a plan, with a hair less there is none.</summary>
    [Fact]
    public void TheNearestMissIsAsNearAsItSays()
    {
        ServiceRequirements r = s_chat with
        {
            TimeToFirstToken = LatencyLimit.Of(4000, 95), InterTokenLatency = LatencyLimit.Of(2, 95), Budget = 3000,
        };
        NearestMiss nearest = Planner.Plan(r).Nearest!;
        LimitMove move = Assert.Single(nearest.Moves);
        Assert.Equal((DropReason.InterTokenLatency, 2.0), (move.Limit, move.Asked));
        Assert.NotNull(nearest.Unlimited);
        Assert.NotNull(Planner.Plan(r with { InterTokenLatency = LatencyLimit.Of(move.Needed * 1.0001, 95) }).Best);
        Assert.Null(Planner.Plan(r with { InterTokenLatency = LatencyLimit.Of(move.Needed * 0.9999, 95) }).Best);
    }

    [Fact]
    public void ABudgetTooSmallSaysWhatWouldDo()
    {
        LimitMove move = Assert.Single(Planner.Plan(s_chat with { Budget = 10 }).Nearest!.Moves);
        Assert.Equal((DropReason.Budget, 10.0), (move.Limit, move.Asked));
        Assert.NotNull(Planner.Plan(s_chat with { Budget = move.Needed }).Best);
    }

    /// <summary>Machines are paid whole: of one with eight GPUs all eight.</summary>
    [Fact]
    public void MachinesArePaidWhole()
    {
        Plan plan = Planner.Plan(s_chat with
        {
            Gpus = [GpuCatalog.Find("h100-sxm-80gb")], Providers = ["aws"], GpusPerReplica = [2],
        }).Best!;
        Assert.Equal((1, 8, 2), (plan.Machines, plan.Offer.Gpus, plan.Deployment.Placement.Gpus));
        Assert.Equal(plan.Offer.UsdPerHour * 730, plan.Usd, 1e-9);
        Assert.Equal(plan.Usd, plan.Cost.UsdPerMonth, 1e-9);
    }

    /// <summary>Offers of a marketplace stand in nobody's plan who did not ask for them.</summary>
    [Fact]
    public void AMarketplaceIsAskedForByName()
    {
        string[] private_ = ["vast", "runpod community"];
        Assert.All(PriceList.Catalog.Instances.Where(price => private_.Contains(price.Provider)),
            price => Assert.Equal("marketplace", price.Kind));
        Assert.DoesNotContain(Planner.Plan(s_chat).Plans, plan => private_.Contains(plan.Offer.Rented!.Provider));
        Assert.Contains(Planner.Plan(s_chat with { PriceKinds = ["marketplace"] }).Plans,
            plan => private_.Contains(plan.Offer.Rented!.Provider));
    }

    [Fact]
    public void TimesRestOnWhatWasAskedFor()
    {
        ServiceRequirements any = s_chat with { Gpus = [GpuCatalog.Find("t4"), GpuCatalog.Find("h100-sxm-80gb")] };
        Assert.Contains(Planner.Plan(any).Plans, plan => plan.Basis == Basis.Extrapolated);
        PlanResult measured = Planner.Plan(any with { WeakestBasis = Basis.Measured });
        Assert.All(measured.Plans, plan => Assert.Equal(Basis.Measured, plan.Basis));
        Assert.Contains(measured.Dropped, drop => drop.Reason == DropReason.Basis);
    }

    [Fact]
    public void PremisesAreBoughtFor()
    {
        PlanResult result = Planner.Plan(s_chat with { Residency = Residency.Premises });
        Assert.All(result.Plans, plan => Assert.NotNull(plan.Offer.Owning));
        Assert.Contains(result.Plans, plan => plan.Offer.Bought!.Machine == "8 × h100-sxm-80gb");
        Assert.NotEmpty(result.Best!.Warnings(new(2026, 11, 30)));
    }

    [Fact]
    public void ASearchTellsHowFarItIsAndCanBeEnded()
    {
        var told = new List<double>();
        Planner.Plan(s_chat, new Told(told));
        Assert.Equal(1, told[^1]);
        Assert.Equal(told.Order(), told);
        Assert.Throws<OperationCanceledException>(
            () => Planner.Plan(s_chat, cancellation: new CancellationToken(canceled: true)));
    }

    /// <summary>Of the whole catalog a twentieth at most is estimated. How long it takes is the benchmarks' business.</summary>
    [Fact]
    public void OfTheWholeCatalogLittleIsEstimated()
    {
        ServiceRequirements r = ServiceRequirements.For(UseCase.Chat, ServiceLoad.OfUsers(200), [.. ModelCatalog.All]) with
        {
            Weights = [.. WeightFormat.All.Where(EngineCatalog.Vllm.Loads)],
        };
        PlanResult result = Planner.Plan(r);
        Assert.True(result.Candidates > 1_000_000, $"{result.Candidates}");
        Assert.True(result.Estimated <= result.Candidates / 20, $"{result.Estimated} of {result.Candidates}");
        Assert.Equal(r.Keep, result.Plans.Count);
        Assert.Equal(result.Candidates, result.Plans.Count + result.Dropped.Sum(drop => drop.Count));
    }

    private static string Line(PlanDraft draft) => FormattableString.Invariant(
        $"{draft.Candidate.Deployment} {draft.Replicas} {draft.Offer} {draft.Usd} {draft.Step.Places} {draft.Step.FirstToken}");

    private sealed class Told(List<double> told) : IProgress<double>
    {
        public void Report(double value) => told.Add(value);
    }
}
