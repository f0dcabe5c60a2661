namespace LlmMath.Planning.Prices;

/// <summary>The prices that lie in the library.</summary>
internal static class CatalogPrices
{
    public static PriceList Read()
    {
        PriceList instances = Part("instances"), apis = Part("apis"), machines = Part("machines");
        return new(instances.Instances, apis.Apis, machines.Machines);
    }

    // They were dated when they were written down: whose clock runs behind reads them too.
    private static PriceList Part(string name) => PriceJson.Read(Resource.Read($"prices/{name}.json"), DateOnly.MaxValue);
}
