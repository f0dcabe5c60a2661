using LlmMath.Basics;
using LlmMath.Planning.Prices;

namespace LlmMath.Planning;

/// <summary>Prices: machines to rent, hosted APIs, machines to buy. Those of the catalog are dated and sourced; whoever has an
/// offer puts it over them.</summary>
/// <param name="Instances">Machines to rent.</param>
/// <param name="Apis">Hosted APIs.</param>
/// <param name="Machines">Machines to buy.</param>
public sealed record PriceList(
    ValueList<InstancePrice> Instances, ValueList<ApiPrice> Apis, ValueList<MachinePrice> Machines)
{
    private static PriceList? s_catalog;

    /// <summary>A list without prices.</summary>
    public static PriceList Empty { get; } = new([], [], []);

    /// <summary>The prices that came with the library, each with its date and source. They are lists of one day: ask for
    /// today's.</summary>
    public static PriceList Catalog => s_catalog ??= CatalogPrices.Read();

    /// <summary>One's own price of a kind of GPU, on machines of 1, 2, 4 and 8 of it.</summary>
    /// <param name="gpu">The kind of GPU, an entry of <c>GpuCatalog</c>.</param>
    /// <param name="usdPerHour">US dollars of one GPU and hour, above 0.</param>
    /// <exception cref="EstimateException">The price is not above 0.</exception>
    public static PriceList Of(Gpu gpu, double usdPerHour)
    {
        ArgumentNullException.ThrowIfNull(gpu);
        return usdPerHour is > 0 and < double.PositiveInfinity
            ? new([.. ((int[])[1, 2, 4, 8]).Select(gpus => new InstancePrice
            {
                Provider = "given", Instance = $"{gpus} × {gpu.Name}", Gpu = gpu.Name, Gpus = gpus, Region = "anywhere",
                Kind = "on-demand", UsdPerHour = gpus * usdPerHour, Date = DateOnly.FromDateTime(DateTime.UtcNow),
                Source = Citation.Own,
            })], [], [])
            : throw new EstimateException(nameof(usdPerHour),
                $"above 0 US dollars is right; it is {NumberText.Short(usdPerHour)}.");
    }

    /// <summary>The prices of a file: a JSON as <c>schema/prices.schema.json</c> has it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="today">The day on which it is read; that of the clock unless given. No price may be of a later one.</param>
    /// <exception cref="DefinitionException">The file is malformed, a field is missing, unknown or wrong, a GPU is not known or a
    /// price is of a day to come: names file, field and line.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be opened.</exception>
    public static PriceList Load(string path, DateOnly? today = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        using FileStream stream = File.OpenRead(path);
        return Read(stream, path, today);
    }

    /// <summary>The prices of a JSON text.</summary>
    /// <param name="stream">The text's bytes, UTF-8; read to the end, at most 16 MiB. It is left open.</param>
    /// <param name="name">How errors call it.</param>
    /// <param name="today">The day on which it is read; that of the clock unless given. No price may be of a later one.</param>
    /// <exception cref="DefinitionException">The text is malformed, a field is missing, unknown or wrong, a GPU is not known or a
    /// price is of a day to come: names field and line.</exception>
    public static PriceList Read(Stream stream, string name, DateOnly? today = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        return PriceFile.Read(stream, name, today ?? DateOnly.FromDateTime(DateTime.UtcNow));
    }

    /// <summary>These prices over others: of a GPU's rent, a model's API and a GPU's machine that this list has, the others'
    /// prices no longer count.</summary>
    /// <param name="others">The others, mostly <see cref="Catalog"/>.</param>
    public PriceList Over(PriceList others)
    {
        ArgumentNullException.ThrowIfNull(others);
        HashSet<string> rented = [.. Instances.Select(price => price.Gpu)];
        HashSet<string> hosted = [.. Apis.Select(price => price.Entry ?? price.Model)];
        HashSet<string> sold = [.. Machines.Select(price => price.Gpu)];
        return new(
            [.. Instances, .. others.Instances.Where(price => !rented.Contains(price.Gpu))],
            [.. Apis, .. others.Apis.Where(price => !hosted.Contains(price.Entry ?? price.Model))],
            [.. Machines, .. others.Machines.Where(price => !sold.Contains(price.Gpu))]);
    }

    /// <summary>How many of each it holds.</summary>
    public override string ToString() =>
        $"{Instances.Count} machines to rent, {Apis.Count} APIs, {Machines.Count} machines to buy";
}
