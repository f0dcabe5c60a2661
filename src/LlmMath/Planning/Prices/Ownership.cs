using LlmMath.Basics;
using LlmMath.Planning.Prices;

namespace LlmMath.Planning;

/// <summary>What owning a machine comes to beside its price. Each figure has a range and a source; most sources call theirs an
/// assumption, and so should a reader: <c>with</c> puts one's own in their place.</summary>
public sealed record Ownership
{
    private static Ownership? s_catalog;

    /// <summary>The price of a server over that of its GPUs, 1 or more: for machines of which the GPUs' price alone is
    /// known.</summary>
    public required Assumption ServerOverGpus { get; init; }

    /// <summary>Power that the building takes over that of the machine (PUE), 1 or more.</summary>
    public required Assumption Pue { get; init; }

    /// <summary>Place, cooling and power delivery, in US dollars a kilowatt and month.</summary>
    public required Assumption ColocationUsdPerKwMonth { get; init; }

    /// <summary>Support, spares, network and staff: a share of the price a year.</summary>
    public required Assumption OperationsShare { get; init; }

    /// <summary>Interest a year on what is tied up.</summary>
    public required Assumption Interest { get; init; }

    /// <summary>Years until it is written off, above 0.</summary>
    public required Assumption Years { get; init; }

    /// <summary>What it is then worth: a share of the price.</summary>
    public required Assumption ResidualShare { get; init; }

    /// <summary>What it draws while it waits: a share of the most that it draws.</summary>
    public required Assumption IdlePowerShare { get; init; }

    /// <summary>Electricity in US dollars a kilowatt-hour.</summary>
    public required Assumption ElectricityUsdPerKwh { get; init; }

    /// <summary>How much of the time it works, 0 to 1.</summary>
    public required Assumption BusyShare { get; init; }

    /// <summary>Grams of CO₂ a kilowatt-hour; null where no place was named or nobody sourced it.</summary>
    public Assumption? GramsPerKwh { get; init; }

    /// <summary>The figures that came with the library.</summary>
    public static Ownership Catalog => s_catalog ??= OwnershipJson.Read(Resource.Read("prices/ownership.json")).Ownership;

    /// <summary>Places of which a tariff or the grid's CO₂ is known.</summary>
    public static ValueList<string> Places => OwnershipJson.Read(Resource.Read("prices/ownership.json")).Places;

    /// <summary>The same at a place: with its electricity's price and its grid's CO₂, as far as they are known. The state of a
    /// country has the country's CO₂: <c>US Ohio</c>.</summary>
    /// <param name="place">A country, or a state of the United States as <c>US Ohio</c>.</param>
    /// <exception cref="UnknownNameException">Nothing is known of the place; the error lists the nearest.</exception>
    public Ownership At(string place)
    {
        ArgumentNullException.ThrowIfNull(place);
        PlaceFigures figures = OwnershipJson.Read(Resource.Read("prices/ownership.json"));
        Assumption? tariff = figures.Tariffs.GetValueOrDefault(place);
        string country = place.StartsWith("US ", StringComparison.OrdinalIgnoreCase) ? "United States" : place;
        Assumption? grid = figures.Grids.GetValueOrDefault(country);
        return tariff is null && (grid is null || country != place)
            ? throw new UnknownNameException(place, "is no place with a known tariff or CO₂", "Places", [.. figures.Places])
            : this with { ElectricityUsdPerKwh = tariff ?? ElectricityUsdPerKwh, GramsPerKwh = grid ?? GramsPerKwh };
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(Ownership), PrintMembers);
}
