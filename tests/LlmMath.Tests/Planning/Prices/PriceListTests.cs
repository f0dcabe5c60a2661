using System.Text;
using LlmMath.Planning;

namespace LlmMath.Tests.Planning.Prices;

public class PriceListTests
{
    private static readonly DateOnly s_today = new(2026, 11, 30);

    [Fact]
    public void EveryPriceOfTheCatalogHasASourceAndALicence()
    {
        PriceList prices = PriceList.Catalog;
        Assert.True(prices.Instances.Count > 300 && prices.Apis.Count > 500 && prices.Machines.Count > 5, prices.ToString());
        Assert.All(prices.Instances.Select(price => price.Source).Concat(prices.Apis.Select(price => price.Source))
            .Concat(prices.Machines.Select(price => price.Source)).Distinct(), source =>
        {
            Assert.NotEmpty(source.Where);
            Assert.NotEmpty(source.Licence);
        });
        Assert.All(prices.Instances, price => Assert.True(GpuCatalog.TryFind(price.Gpu, out _), price.Gpu));
        Assert.All(prices.Apis.Where(price => price.Entry is not null),
            price => Assert.True(ModelCatalog.TryFind(price.Entry!, out _), price.Entry));
        Assert.All(prices.Instances.Where(price => price.Date is null), price => Assert.NotNull(price.Note));
    }

    [Fact]
    public void APriceOlderThanNinetyDaysSaysSo()
    {
        InstancePrice price = Instance(100) with { Date = s_today.AddDays(-90) };
        Assert.Null(price.Caution(s_today));
        Assert.Equal("The price of me box is of 2026-08-31, 91 days old: ask for today's.",
            (price with { Date = s_today.AddDays(-91) }).Caution(s_today));
        Assert.Equal("The price of me box is undated: ask for today's.", (price with { Date = null }).Caution(s_today));
    }

    [Fact]
    public void OnesOwnPricesStandOverTheCatalogs()
    {
        PriceList mine = PriceList.Empty with { Instances = [Instance(4)] };
        PriceList both = mine.Over(PriceList.Catalog);
        Assert.Equal([4.0], both.Instances.Where(price => price.Gpu == "h100-sxm-80gb").Select(price => price.UsdPerHour));
        Assert.Equal(PriceList.Catalog.Instances.Count(price => price.Gpu != "h100-sxm-80gb") + 1, both.Instances.Count);
        Assert.Equal(PriceList.Catalog.Apis, both.Apis);
    }

    [Fact]
    public void AFileIsRead()
    {
        PriceList prices = Read("""
            {
              "instances": [{ "provider": "me", "instance": "box", "gpu": "H100-SXM-80GB", "gpus": 8, "usd_per_hour": 16 }],
              "apis": [{ "provider": "they", "model": "m", "input": 0, "output": 2 }],
              "machines": [{ "machine": "server", "gpu": "l40s", "usd": 9000, "watts": 900, "date": "2026-11-30" }]
            }
            """);
        Assert.Equal(2, prices.Instances[0].UsdPerGpuHour);
        Assert.Equal("h100-sxm-80gb", prices.Instances[0].Gpu);
        Assert.Equal(("on-demand", "any"), (prices.Instances[0].Kind, prices.Instances[0].Region));
        Assert.Equal(s_today, prices.Machines[0].Date);
    }

    [Theory]
    [InlineData("\"usd_per_hour\": -4", "mine.json, line 4: instances[1].usd_per_hour: must be a number above 0; it is -4.")]
    [InlineData("\"usd_per_hour\": NaN",
        "mine.json, line 4: instances[1].usd_per_hour: must be a number above 0; it is \"NaN\".")]
    [InlineData("\"usd_per_hour\": 1, \"date\": \"2026-12-01\"", "mine.json, line 4: instances[1].date: must be 2026-11-30 or earlier; it is \"2026-12-01\".")]
    [InlineData("\"usd_per_hour\": 1, \"date\": \"yesterday\"", "mine.json, line 4: instances[1].date: must be a day such as \"2026-10-10\"; it is \"yesterday\".")]
    [InlineData("\"usd_per_hour\": 1, \"price\": 2", "mine.json, line 4: instances[1].price: is not a field here. Known: date, gpu, gpus, instance, kind, note, provider, region, source, usd_per_hour.")]
    [InlineData("\"usd\": 1", "mine.json, line 4: instances[1].usd_per_hour: is missing: a price in US dollars is needed.")]
    public void AWrongFieldIsRefusedAtItsLine(string fields, string problem)
    {
        const string right = "{ \"provider\": \"me\", \"instance\": \"box\", \"gpu\": \"l4\", \"usd_per_hour\": 1 }";
        string wrong = right.Replace("\"usd_per_hour\": 1", fields, StringComparison.Ordinal);
        var error = Assert.Throws<DefinitionException>(() => Read($"{{\n  \"instances\": [\n    {right},\n    {wrong}\n  ]\n}}"));
        Assert.Equal(problem, error.Message);
    }

    [Fact]
    public void AnUnknownGpuIsRefusedWithTheNearest()
    {
        var error = Assert.Throws<DefinitionException>(() => Read(
            "{ \"machines\": [\n { \"machine\": \"m\", \"gpu\": \"h100-sxm-80g\", \"usd\": 1 } ] }"));
        Assert.StartsWith("mine.json, line 2: machines[0].gpu: must be a GPU of the catalog (nearest: h100-sxm-80gb",
            error.Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever is cut out of or put into a list of prices, it is read or refused by name.</summary>
    [Fact]
    public void MutatedListsAreReadOrRefused()
    {
        byte[] text = Encoding.UTF8.GetBytes("""
            { "sources": { "a": { "where": "w", "licence": "l" } },
              "instances": [{ "provider": "me", "instance": "box", "gpu": "l4", "gpus": 8, "usd_per_hour": 16, "source": "a" }],
              "apis": [{ "provider": "they", "model": "m", "input": 0, "output": 2, "date": "2026-01-01" }] }
            """);
        var random = new Random(15);
        for (int i = 0; i < 3000; i++)
        {
            byte[] mutated = [.. text];
            for (int changes = random.Next(1, 4); changes > 0; changes--)
            {
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            }

            int length = random.Next(4) == 0 ? random.Next(mutated.Length) : mutated.Length;
            try
            {
                PriceList.Read(new MemoryStream(mutated, 0, length), "mine.json", s_today);
            }
            catch (DefinitionException error)
            {
                Assert.StartsWith("mine.json", error.Message, StringComparison.Ordinal);
            }
        }
    }

    private static PriceList Read(string json) =>
        PriceList.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)), "mine.json", s_today);

    private static InstancePrice Instance(double usd) => new()
    {
        Provider = "me", Instance = "box", Gpu = "h100-sxm-80gb", Gpus = 1, Region = "any", Kind = "on-demand", UsdPerHour = usd,
        Source = new("here", "mine"),
    };
}
