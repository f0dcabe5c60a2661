using LlmMath.Basics;
using LlmMath.Planning.Search;

namespace LlmMath.Planning;

/// <summary>A plan's machines rented or bought, and the same requests sent to a hosted API; and where two cost the
/// same.</summary>
public sealed record RentOrBuy
{
    private RentOrBuy()
    {
    }

    /// <summary>The cheapest machines to rent with the plan's GPU; null where there are none, or data may not go there.</summary>
    public Offer? Rent { get; private init; }

    /// <summary>What renting them costs a month, in US dollars.</summary>
    public double? RentUsdPerMonth { get; private init; }

    /// <summary>The cheapest machines to buy with the plan's GPU; null where nobody sourced a price.</summary>
    public Offer? Buy { get; private init; }

    /// <summary>What buying them costs at the start, in US dollars.</summary>
    public double? BuyUsd { get; private init; }

    /// <summary>What owning them costs a month, the price written off with it, in US dollars.</summary>
    public double? BuyUsdPerMonth { get; private init; }

    /// <summary>What owning them costs a month against the share of the time that they work; null where there are none.</summary>
    public CostLine? BuyBySharePerMonth { get; private init; }

    /// <summary>Months after which buying has cost no more than renting; null where it never does.</summary>
    public double? MonthsToBreakEven { get; private init; }

    /// <summary>The share of the time for which renting by the hour costs as much as owning: machines that are needed less are
    /// better rented. Null where owning is always cheaper, or never.</summary>
    public double? ShareToBreakEven { get; private init; }

    /// <summary>The cheapest hosted API of the model; null where none has a price, or data may not go there.</summary>
    public ApiPrice? Api { get; private init; }

    /// <summary>What it asks for a request in the mean, in US dollars.</summary>
    public double? ApiUsdPerRequest { get; private init; }

    /// <summary>What the requests of a month cost there, in US dollars.</summary>
    public double? ApiUsdPerMonth { get; private init; }

    /// <summary>Requests a month from which the plan's machines cost less than the API; null where they bear fewer.</summary>
    public double? RequestsToBreakEven { get; private init; }

    /// <summary>Sets the three beside each other for a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="r">What was asked.</param>
    public static RentOrBuy Of(Plan plan, ServiceRequirements r)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(r);
        (Offer? rent, double rentUsd) = r.Residency == Residency.Premises ? (null, 0) : Cheapest(plan, r, Residency.OwnAccount);
        (Offer? buy, double buyUsd) = Cheapest(plan, r, Residency.Premises);
        long machines = buy is null ? 0 : (plan.Replicas + buy.Replicas(plan.Deployment.Placement.Gpus) - 1)
            / buy.Replicas(plan.Deployment.Placement.Gpus);
        ApiPrice? api = r.Residency != Residency.Any ? null : r.Prices.Apis
            .Where(price => price.Entry == plan.Deployment.Model.Name && (price.Context ?? long.MaxValue) >= r.ContextTokens)
            .OrderBy(Asked).ThenBy(price => price.Provider, StringComparer.Ordinal).FirstOrDefault(price => Asked(price) > 0);
        double? each = api is null ? null : Asked(api), atMost = plan.RequestsPerSecond * 3600 * plan.Cost.HoursPerMonth;
        return new()
        {
            Rent = rent,
            RentUsdPerMonth = rent is null ? null : rentUsd,
            Buy = buy,
            BuyUsd = buy is null ? null : machines * buy.Owning!.Price,
            BuyUsdPerMonth = buy is null ? null : buyUsd,
            BuyBySharePerMonth = buy is null ? null : Times(buy.Owning!.ByBusyShare, machines),
            MonthsToBreakEven = rent is null || buy is null ? null
                : Times(buy.Owning!.ByMonth, machines).BreakEven(new(0, rentUsd)),
            ShareToBreakEven = rent is null || buy is null ? null
                : Times(buy.Owning!.ByBusyShare, machines)
                    .BreakEven(new(0, rentUsd / rent.HoursPerMonth * TokenCost.HoursPerMonth))
                    is <= 1 and { } share ? share : null,
            Api = api,
            ApiUsdPerRequest = each,
            ApiUsdPerMonth = each * plan.Cost.RequestsPerMonth,
            RequestsToBreakEven = plan.Cost.UsdPerMonth / each is { } requests && requests <= atMost ? requests : null,
        };

        double Asked(ApiPrice price) => TokenCost.UsdPerRequest(price, r.Prompt.Mean, r.Output.Mean,
            Math.Min(r.CachedTokens, r.Prompt.Mean), r.Load.BatchRequests is not null);
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(RentOrBuy), PrintMembers);

    // As many replicas on the machines that are cheapest for them. Of a batch, which is no matter of months, the same.
    private static (Offer? Offer, double Usd) Cheapest(Plan plan, ServiceRequirements r, Residency residency)
    {
        int gpus = plan.Deployment.Placement.Gpus;
        ServiceRequirements there = r with
        {
            Residency = residency, Gpus = [plan.Deployment.Gpu!], GpusPerReplica = [1, 2, 4, 8],
        };
        GpuOffers? offers = GpuOffers.Of(there).FirstOrDefault(one => one.Offers.Any(offer => offer.Gpus >= gpus));
        if (offers is null)
        {
            return (null, 0);
        }

        ServiceLoad steady = r.Load.BatchRequests is null ? r.Load : ServiceLoad.OfRate(1);
        (Offer offer, double usd) = new Costing(there with { Load = steady }).Cheapest(offers, gpus, plan.Replicas, 1);
        return (offer, usd);
    }

    private static CostLine Times(CostLine line, long times) => new(line.Fixed * times, line.PerUnit * times);
}
