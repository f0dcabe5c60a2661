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

    /// <summary>A higher price, a tighter limit, a longer context and more users never make a plan cheaper, and each makes some
    /// dearer.</summary>
    [Fact]
    public void WhatIsAskedMoreOfCostsNoLess()
    {
        var dearerOnes = new HashSet<string>();
        foreach (ServiceRequirements r in DrawnRequirements.All(40, seed: 2))
        {
            double usd = Usd(r);
            PriceList dearer = r.Prices with
            {
                Instances = [.. r.Prices.Instances.Select((price, at) => at % 3 == 0
                    ? price with { UsdPerHour = price.UsdPerHour * 1.5 } : price)],
            };
            NoLess(usd, r with { Prices = dearer }, "prices");
            NoLess(usd, r with { TimeToFirstToken = Tighter(r.TimeToFirstToken) }, "first token");
            NoLess(usd, r with { InterTokenLatency = Tighter(r.InterTokenLatency) }, "between tokens");
            NoLess(usd, r with { EndToEnd = LatencyLimit.Of(8000) }, "whole answer");
            NoLess(usd, r with { LongestContext = 40_000 }, "context");
            NoLess(usd, r with { Load = r.Load.Times(1.7) }, "load");
            if (r.Load.BatchRequests is null)
            {
                NoLess(usd, r with { GrowthPerYear = 0.5 }, "growth");
            }
        }

        Assert.Equal(["between tokens", "context", "first token", "growth", "load", "prices", "whole answer"],
            dearerOnes.Order(StringComparer.Ordinal));

        void NoLess(double usd, ServiceRequirements more, string what)
        {
            double then = Usd(more);
            Assert.True(then >= usd, $"{what}: {then} after {usd}, {more.Load}");
            if (then > usd)
            {
                dearerOnes.Add(what);
            }
        }

        static LatencyLimit? Tighter(LatencyLimit? limit) =>
            limit is { } known ? known with { AtMost = known.AtMost * 0.7 } : LatencyLimit.Of(800);

        static double Usd(ServiceRequirements r) =>
            PlanSearch.Of(r).Standing.Kept.FirstOrDefault()?.Usd ?? double.PositiveInfinity;
    }

    /// <summary>A replica more never lengthens the wait.</summary>
    [Fact]
    public void MoreReplicasAreNoSlower()
    {
        int shorter = 0;
        foreach (ServiceRequirements r in DrawnRequirements.All(60, seed: 7).Where(r => r.Load.BatchRequests is null))
        {
            var demand = new Demand(r);
            var on = new Deployment(r.Models[0], r.Gpus[0], r.Engines[0], r.Weights[0])
            {
                Placement = new() { Tensor = r.GpusPerReplica[1] },
            };
            if (!r.Engines[0].SupportsGpu(r.Gpus[0]) || on.Memory(Workload.OfContext(r.ContextTokens)).Fits != true
                || PlanFinding.Best(demand, new Trial(demand, on)) is not var (replicas, step, _))
            {
                continue;
            }

            var trial = new Trial(demand, on);
            for (double more = replicas + 1; more < replicas + 8; more++)
            {
                TrialStep next = PlanFinding.At(demand, trial, more);
                Assert.True(next.FirstToken <= step.FirstToken && next.InterToken <= step.InterToken
                    && next.EndToEnd <= step.EndToEnd, $"{on}, {r.Load}, {more} replicas");
                shorter += next.EndToEnd < step.EndToEnd ? 1 : 0;
                step = next;
            }
        }

        Assert.True(shorter >= 20, $"{shorter}");
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

    /// <summary>The same of drawn requirements that nothing meets: each limit alone, moved so far, is met, and moved a little
    /// less it is not.</summary>
    [Fact]
    public void EveryMoveOfANearestMissIsTheLeast()
    {
        int moves = 0;
        foreach (ServiceRequirements drawn in DrawnRequirements.All(60, seed: 6))
        {
            ServiceRequirements r = drawn with
            {
                TimeToFirstToken = Tighter(drawn.TimeToFirstToken), InterTokenLatency = Tighter(drawn.InterTokenLatency),
            };
            foreach (LimitMove move in Planner.Plan(r).Nearest?.Moves ?? [])
            {
                moves++;
                Assert.True(move.Needed > move.Asked, $"{move}");
                Assert.NotEmpty(PlanSearch.Of(With(r, move.Limit, move.Needed * 1.0001)).Standing.Kept);
                Assert.Empty(PlanSearch.Of(With(r, move.Limit, move.Needed * 0.9999)).Standing.Kept);
            }
        }

        Assert.True(moves >= 20, $"{moves}");

        static LatencyLimit? Tighter(LatencyLimit? limit) =>
            limit is { } known ? known with { AtMost = known.AtMost / 20 } : null;

        static ServiceRequirements With(ServiceRequirements r, DropReason limit, double needed) => limit switch
        {
            DropReason.TimeToFirstToken => r with
            {
                TimeToFirstToken = LatencyLimit.Of(needed, r.TimeToFirstToken!.Value.Percentile),
            },
            DropReason.InterTokenLatency => r with
            {
                InterTokenLatency = LatencyLimit.Of(needed, r.InterTokenLatency!.Value.Percentile),
            },
            _ => r with { Budget = needed },
        };
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

    /// <summary>An engine is offered on no GPU that its own documentation does not list.</summary>
    [Theory]
    [InlineData("inferentia2")]
    [InlineData("v100-sxm2-16gb")]
    public void EnginesRunWhereTheySayThatTheyDo(string gpu)
    {
        PlanResult result = Planner.Plan(s_chat with { Gpus = [GpuCatalog.Find(gpu)], Engines = [] });
        Assert.Empty(result.Plans);
        Assert.Contains(result.Dropped, drop => drop.Reason == DropReason.Hardware);
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

    /// <summary>Also where only the bound of the hardware meets the limits and no engine does: what an engine takes whatever the
    /// model is part of what candidates are cut by.</summary>
    [Fact]
    public void OfWhatNoEngineReachesLittleIsEstimated()
    {
        ServiceRequirements r = ServiceRequirements.For(UseCase.Chat, ServiceLoad.OfUsers(200),
            [.. ModelCatalog.All.Where((_, at) => at % 8 == 0)]) with
            {
                TimeToFirstToken = LatencyLimit.Of(20), InterTokenLatency = LatencyLimit.Of(5),
            };
        PlanResult result = Planner.Plan(r);
        Assert.Empty(result.Plans);
        Assert.True(result.Candidates > 30_000 && result.Estimated <= result.Candidates / 20,
            $"{result.Estimated} of {result.Candidates}");
    }

    private static string Line(PlanDraft draft) => FormattableString.Invariant(
        $"{draft.Candidate.Deployment} {draft.Replicas} {draft.Offer} {draft.Usd} {draft.Step.Places} {draft.Step.FirstToken}");

    private sealed class Told(List<double> told) : IProgress<double>
    {
        public void Report(double value) => told.Add(value);
    }
}
