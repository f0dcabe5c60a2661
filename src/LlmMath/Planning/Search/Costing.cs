namespace LlmMath.Planning.Search;

/// <summary>What replicas cost on whole machines: a month of a service, or all of a batch.</summary>
internal readonly struct Costing(ServiceRequirements r)
{
    private readonly double? _batch = r.Load.BatchRequests;
    private readonly double _rate = r.PeakRate;

    /// <summary>US dollars: machines · price · hours of a month; of a batch n · price ÷ (replicas of a machine · answers of one
    /// an hour).</summary>
    /// <param name="offer">The machine.</param>
    /// <param name="gpus">GPUs of a replica, no more than a machine has.</param>
    /// <param name="replicas">Replicas.</param>
    /// <param name="perSecond">Answers a second of each replica.</param>
    public double Of(Offer offer, int gpus, double replicas, double perSecond) => _batch is { } requests
        ? requests * offer.UsdPerHour / (offer.Replicas(gpus) * perSecond * 3600)
        : Math.Ceiling(replicas / offer.Replicas(gpus)) * offer.UsdPerHour * offer.HoursPerMonth;

    /// <summary>The machine on which replicas cost least, and what they cost there.</summary>
    public (Offer Offer, double Usd) Cheapest(GpuOffers offers, int gpus, double replicas, double perSecond)
    {
        (Offer? best, double least) = (null, double.PositiveInfinity);
        foreach (Offer offer in offers.Offers)
        {
            if (offer.Gpus >= gpus && Of(offer, gpus, replicas, perSecond) is double usd && (best is null || usd < least))
            {
                (best, least) = (offer, usd);
            }
        }

        return (best!, least);
    }

    /// <summary>Replicas that may be had for less than so much, the most of all machines; of a batch for no more. Of a batch,
    /// the replicas of which each has as much to do as it must do at least to cost no more.</summary>
    /// <param name="offers">The machines.</param>
    /// <param name="gpus">GPUs of a replica.</param>
    /// <param name="below">US dollars that they cost less than; infinite for any.</param>
    /// <param name="atMost">US dollars that they cost no more than; null for any.</param>
    public double Most(GpuOffers offers, int gpus, double below, double? atMost)
    {
        double most = 0;
        foreach (Offer offer in offers.Offers)
        {
            if (offer.Gpus >= gpus)
            {
                double replicas = _batch is { } requests
                    ? Math.Min(below, atMost ?? below) * offer.Replicas(gpus) * 3600 * _rate / (offer.UsdPerHour * requests)
                    : Machines(offer, below, atMost) * offer.Replicas(gpus);
                most = Math.Max(most, replicas);
            }
        }

        return most;
    }

    private static double Machines(Offer offer, double below, double? atMost)
    {
        double usd = Math.Min(below, atMost ?? below);
        double machines = Math.Floor((usd / (offer.UsdPerHour * offer.HoursPerMonth)) + 1e-9);
        // To the bit as costs are reckoned.
        return machines * offer.UsdPerHour * offer.HoursPerMonth < below ? machines : machines - 1;
    }
}
