using LlmMath.Planning;
using LlmMath.Testing;

namespace LlmMath.Tests.Planning.Money;

public class MoneyTests
{
    private static readonly MachinePrice s_server =
        PriceList.Catalog.Machines.Single(machine => machine.Gpu == "h100-sxm-80gb");

    /// <summary>8 × H100 at 23.92 US dollars an hour that write 122.12 tokens a second.</summary>
    [Fact]
    public void AMillionTokensByHand()
    {
        Assert.Equal(54.41, Math.Round(TokenCost.UsdPerMillion(23.92, 122.12), 2));
        Assert.Equal(TokenCost.UsdPerMillion(23.92, 122.12) * 17, TokenCost.UsdPerMillion(23.92, 122.12, 1 / 17.0), 1e-9);
    }

    [Theory]
    [InlineData(-1, 1, 1, "usdPerHour")]
    [InlineData(1, 0, 1, "tokensPerSecond")]
    [InlineData(1, double.NaN, 1, "tokensPerSecond")]
    [InlineData(1, 1, 0, "busyShare")]
    [InlineData(1, 1, 1.1, "busyShare")]
    public void WhatIsOutOfRangeIsRefusedByName(double usd, double rate, double share, string field) =>
        Assert.Equal(field, Assert.Throws<EstimateException>(() => TokenCost.UsdPerMillion(usd, rate, share)).Field);

    [Fact]
    public void ARequestOfAnApi()
    {
        ApiPrice price = PriceList.Catalog.Apis[0] with
        {
            Input = 1, CachedInput = 0.25, Output = 4, BatchInput = 0.5, BatchOutput = 2,
        };
        Assert.Equal(((600 * 1) + (400 * 0.25) + (100 * 4)) / 1e6, TokenCost.UsdPerRequest(price, 1000, 100, 400), 1e-15);
        Assert.Equal(((1000 * 0.5) + (100 * 2)) / 1e6, TokenCost.UsdPerRequest(price, 1000, 100, batch: true), 1e-15);
    }

    /// <summary>docs/planning.md reckons one server by hand; the same lines come out of the library.</summary>
    [Fact]
    public void TheServerInTheDocsIsReckonedByHand()
    {
        OwningCost cost = OwningCost.Of(s_server, 1, Ownership.Catalog);
        string[] page = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "planning.md"));
        Assert.All(cost.Lines, line => Assert.Contains($"    {line}", page));
        double hour = cost.UsdPerHour;
        string together = FormattableString.Invariant(
            $"{cost.UsdPerMonth:#,0.00} USD a month, {hour:0.00} USD an hour, {hour / 8:0.00} USD a GPU and hour");
        Assert.Contains("    together: " + together, page);
        // By hand: 4,166.67 + 833.33 + 1,530 + 1,666.67 + 271.03 + 201.34.
        Assert.Equal(8669.04, cost.UsdPerMonth, 0.01);
        Assert.Equal(cost.UsdPerMonth, cost.Lines.Sum(line => line.Usd), 1e-9);
    }

    /// <summary>Rent, buy and API break even where their lines cross, to the cent.</summary>
    [Fact]
    public void LinesBreakEvenWhereTheyCross()
    {
        OwningCost own = OwningCost.Of(s_server, 1, Ownership.Catalog);
        var byHour = new CostLine(0, 8 * 2.99 * TokenCost.HoursPerMonth);
        double share = own.ByBusyShare.BreakEven(byHour)!.Value;
        Assert.InRange(share, 0, 1);
        Assert.Equal(own.ByBusyShare.At(share), byHour.At(share), 0.01);

        var rented = new CostLine(0, byHour.At(0.8));
        double month = own.ByMonth.BreakEven(rented)!.Value;
        Assert.Equal(own.ByMonth.At(month), rented.At(month), 0.01);

        var api = new CostLine(0, 0.002);
        var always = new CostLine(byHour.At(1), 0);
        double requests = api.BreakEven(always)!.Value;
        Assert.Equal(api.At(requests), always.At(requests), 0.01);
        Assert.Null(new CostLine(1, 1).BreakEven(new(2, 2)));
        Assert.Null(new CostLine(1, 1).BreakEven(new(2, 1)));
    }

    [Fact]
    public void ATornadoPutsTheWidestFirst()
    {
        ValueList<Swing> swings = Swing.Of(Ownership.Catalog, owning => OwningCost.Of(s_server, 1, owning).UsdPerMonth);
        Assert.Equal(swings.Select(swing => swing.Width).OrderDescending(), swings.Select(swing => swing.Width));
        Swing years = swings.Single(swing => swing.Name == "years");
        Assert.Equal(250_000 / 36.0 - 250_000 / 72.0, years.Width, 1e-9);
    }

    [Fact]
    public void APlaceHasItsTariffAndItsGrid()
    {
        Ownership ohio = Ownership.Catalog.At("US Ohio");
        Assert.Equal((0.079, 369.5), (ohio.ElectricityUsdPerKwh.Value, ohio.GramsPerKwh!.Value));
        OwningCost cost = OwningCost.Of(s_server, 1, ohio);
        Assert.Equal(cost.KilowattHoursPerMonth * 0.3695, cost.KilogramsCo2PerMonth!.Value, 1e-6);
        Assert.Null(OwningCost.Of(s_server, 1, Ownership.Catalog).KilogramsCo2PerMonth);
        Assert.Throws<UnknownNameException>(() => Ownership.Catalog.At("Atlantis"));
        Assert.Throws<UnknownNameException>(() => Ownership.Catalog.At("US Atlantis"));
    }

    [Fact]
    public void AServiceDividesItsMonth()
    {
        var cost = new ServiceCost
        {
            UsdPerHour = 10, RequestsPerMonth = 1e6, PromptTokens = 1000, OutputTokens = 200, PromptShare = 0.25, Users = 500,
            BusyShare = 0.5,
        };
        Assert.Equal(7300, cost.UsdPerMonth);
        Assert.Equal(14.6, cost.UsdPerUserMonth);
        Assert.Equal(cost.UsdPerRequest, ((cost.UsdPerMillionInput * 1000) + (cost.UsdPerMillionOutput * 200)) / 1e6);
        Assert.Equal(cost.UsdPerMillion / 2, cost.UsdPerMillionAt(1));
        Assert.Equal(7300 * 36, cost.Over(36));
    }
}
