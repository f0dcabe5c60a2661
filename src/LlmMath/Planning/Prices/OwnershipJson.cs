using LlmMath.Interchange.Json;

namespace LlmMath.Planning.Prices;

/// <summary>What owning comes to, from JSON.</summary>
internal static class OwnershipJson
{
    public static PlaceFigures Read(ReadOnlySpan<byte> utf8)
    {
        var root = new JsonFields(PriceJson.Object(utf8));
        root.Text("$schema");
        Dictionary<string, Citation> sources = PriceJson.Sources(root);
        Dictionary<string, Assumption> values = root.List("values").ToDictionary(
            row => row.RequiredText("name"), row => Value(row, sources), StringComparer.Ordinal);
        Dictionary<string, Assumption> tariffs = Places(root, "tariffs", "usd_per_kwh", "USD per kWh", sources);
        Dictionary<string, Assumption> grids = Places(root, "grids", "grams_per_kwh", "g CO₂ per kWh", sources);
        root.RejectOthers();
        Assumption Of(string name) => values.GetValueOrDefault(name) ?? throw root.Missing($"values.{name}", "a value");
        return new(new()
        {
            ServerOverGpus = Of("server_over_gpus"),
            Pue = Of("pue"),
            ColocationUsdPerKwMonth = Of("colocation_usd_per_kw_month"),
            OperationsShare = Of("operations_share"),
            Interest = Of("interest"),
            Years = Of("years"),
            ResidualShare = Of("residual_share"),
            IdlePowerShare = Of("idle_power_share"),
            ElectricityUsdPerKwh = Of("electricity_usd_per_kwh"),
            BusyShare = Of("busy_share"),
        }, tariffs, grids);
    }

    private static Assumption Value(JsonFields row, Dictionary<string, Citation> sources)
    {
        double Number(string name) => row.NotNegative(name) ?? throw row.Missing(name, "a number");
        var value = new Assumption(Number("value"), Number("low"), Number("high"), row.RequiredText("unit"),
            sources[row.RequiredText("source")], row.Text("note"));
        row.RejectOthers();
        return value;
    }

    private static Dictionary<string, Assumption> Places(
        JsonFields root, string list, string figure, string unit, Dictionary<string, Citation> sources)
    {
        var places = new Dictionary<string, Assumption>(StringComparer.OrdinalIgnoreCase);
        foreach (JsonFields row in root.List(list))
        {
            double value = row.Positive(figure) ?? throw row.Missing(figure, unit);
            string dated = $"of {row.RequiredText("date")}";
            string? note = row.Text("note");
            places.Add(row.RequiredText("place"), new(value, value, value, unit, sources[row.RequiredText("source")],
                note is null ? dated : $"{note}, {dated}"));
            row.RejectOthers();
        }

        return places;
    }
}

/// <summary>What owning comes to, and what differs by place.</summary>
internal sealed record PlaceFigures(
    Ownership Ownership, Dictionary<string, Assumption> Tariffs, Dictionary<string, Assumption> Grids)
{
    public ValueList<string> Places => [.. Tariffs.Keys.Concat(Grids.Keys).Distinct().Order(StringComparer.Ordinal)];
}
