namespace LlmMath.Planning.Search;

/// <summary>The cheapest machines with one kind of GPU, by how many of it they have.</summary>
/// <param name="Gpu">The kind of GPU.</param>
/// <param name="Offers">Machines, each the cheapest of its number of GPUs.</param>
internal sealed record GpuOffers(Gpu Gpu, Offer[] Offers)
{
    /// <summary>What may be had with each kind of GPU that was asked for, also where that is nothing.</summary>
    public static GpuOffers[] Of(ServiceRequirements r)
    {
        ILookup<string, Offer> all = (r.Residency == Residency.Premises ? Bought(r) : Rented(r))
            .ToLookup(offer => offer.Gpu.Name);
        IEnumerable<Gpu> gpus = r.Gpus.Count > 0 ? r.Gpus : all.Select(offers => offers.First().Gpu);
        return [.. gpus.Where(gpu => r.Vendors.Count == 0 || r.Vendors.Contains(gpu.Vendor, StringComparer.OrdinalIgnoreCase))
            .Select(gpu => new GpuOffers(gpu, [.. all[gpu.Name].GroupBy(offer => offer.Gpus)
                .Select(same => same.OrderBy(offer => offer.UsdPerHour).ThenBy(offer => offer.Machine, StringComparer.Ordinal)
                    .First() with { Gpu = gpu }).OrderBy(offer => offer.Gpus)]))];
    }

    /// <summary>What one replica costs at least, in US dollars a month; infinite where no machine has so many GPUs.</summary>
    public double Floor(int gpus) => Offers.Where(offer => offer.Gpus >= gpus)
        .Select(offer => offer.UsdPerHour * offer.HoursPerMonth).DefaultIfEmpty(double.PositiveInfinity).Min();

    private static IEnumerable<Offer> Rented(ServiceRequirements r) => r.Prices.Instances
        .Where(price => r.PriceKinds.Contains(price.Kind)
            && (r.Providers.Count == 0 || r.Providers.Contains(price.Provider, StringComparer.OrdinalIgnoreCase)))
        .Select(price => new Offer
        {
            Machine = $"{price.Provider} {price.Instance} ({price.Region})",
            Gpu = GpuCatalog.Find(price.Gpu),
            Gpus = price.Gpus,
            UsdPerHour = price.UsdPerHour,
            HoursPerMonth = r.HoursPerMonth,
            Rented = price,
        });

    private static IEnumerable<Offer> Bought(ServiceRequirements r)
    {
        HashSet<string> sold = [.. r.Prices.Machines.Select(price => price.Gpu)];
        return r.Prices.Machines.Where(price => price.Watts is not null)
            .Concat((r.Gpus.Count > 0 ? r.Gpus : GpuCatalog.All).Where(gpu => !sold.Contains(gpu.Name))
                .SelectMany(gpu => OfLaunchPrice(gpu, r)))
            .Select(price =>
            {
                OwningCost owning = OwningCost.Of(price, 1, r.Ownership);
                return new Offer
                {
                    Machine = price.Machine, Gpu = GpuCatalog.Find(price.Gpu), Gpus = price.Gpus,
                    UsdPerHour = owning.UsdPerHour, HoursPerMonth = TokenCost.HoursPerMonth, Bought = price, Owning = owning,
                };
            });
    }

    // Of what nobody quotes whole, the GPUs' price at launch and the usual price of a server over theirs.
    private static IEnumerable<MachinePrice> OfLaunchPrice(Gpu gpu, ServiceRequirements r) =>
        gpu is not { LaunchPriceUsd: { } usd, Watts: { } watts } || !GpuCatalog.TryFind(gpu.Name, out _) ? []
            : r.GpusPerReplica.Select(gpus => new MachinePrice
            {
                Machine = $"{gpus} × {gpu.Name}", Gpu = gpu.Name, Gpus = gpus,
                Usd = gpus * usd * r.Ownership.ServerOverGpus.Value, Watts = gpus * watts,
                Source = new(gpu.Sources.Count > 0 ? gpu.Sources[0] : gpu.Name, "a price at launch, as published"),
                Note = "the GPUs' price at launch times the usual price of a server over theirs, and their power alone: "
                    + "put your own quotation in its place",
            });
}
