using LlmMath.Planning;

namespace LlmMath.Tests.Planning.Trade;

public class TradeTests
{
    private static readonly Gpu s_h100 = GpuCatalog.Find("h100-sxm-80gb");
    private static readonly ModelDefinition s_llama = ModelCatalog.Find("llama-3.1-8b-instruct");

    /// <summary>The question "fp8 or awq?" gets memory, speed, money and quality, each that of its own estimator.</summary>
    [Fact]
    public void FormatsStandSideBySide()
    {
        var load = new Workload(1000, 200, 8);
        ValueList<FormatTrade> trades = FormatTrade.Of(s_llama, s_h100, 1, load,
            [WeightFormat.Bf16, WeightFormat.Fp8, WeightFormat.Awq4Bit128G], EngineCatalog.Vllm, usdPerGpuHour: 3);
        Assert.Equal((true, false, false), (trades[0].IsLossless, trades[1].IsLossless, trades[2].IsLossless));
        Assert.True(trades[0].Weights > trades[1].Weights && trades[1].Weights > trades[2].Weights);
        Assert.All(trades, trade =>
        {
            var on = new Deployment(s_llama, s_h100, EngineCatalog.Vllm, trade.Format);
            Assert.Equal(on.Speed(load).TimeToFirstToken, trade.Estimate!.Value.TimeToFirstToken);
            Assert.Equal(on.LargestBatch(load), trade.LargestBatch);
            Assert.Equal(3e6 / 3600 / trade.MostTokensPerSecond!.Value.Expected, trade.UsdPerMillion!.Value, 1e-9);
        });
        Assert.Contains(trades[1].Losses, loss => loss is { Kind: LossKind.Accuracy, IsOfModel: true });
    }

    [Fact]
    public void WhatDoesNotRunSaysWhy()
    {
        ValueList<FormatTrade> trades = FormatTrade.Of(ModelCatalog.Find("llama-3.1-70b-instruct"), s_h100, 1,
            new Workload(100, 10), [WeightFormat.Bf16, WeightFormat.Find("q4_k_m")], EngineCatalog.Vllm);
        Assert.Equal("it does not fit", trades[0].Problem);
        Assert.Contains("vllm does not load q4_k_m", trades[1].Problem, StringComparison.Ordinal);
        Assert.All(trades, trade => Assert.Null(trade.Estimate));
    }

    /// <summary>Both sides are estimates of one engine: with what is kept it is never slower.</summary>
    [Fact]
    public void KeepingBuysTimeForMemory()
    {
        var on = new Deployment(s_llama, s_h100, EngineCatalog.Vllm, WeightFormat.Bf16);
        var load = new Workload(1000, 200);
        var answer = CacheTrade.OfAnswer(on, load);
        Assert.Equal(on.Memory(load).KeyValueCache, answer.Bytes);
        Assert.Equal(on.Speed(load).TotalTime, answer.With);
        Assert.True(answer.Gain > 1, $"{answer}");
        var prefix = CacheTrade.OfPrefix(on, load, 800);
        Assert.True(prefix.With.Expected < prefix.Without.Expected);
        Assert.Equal("sharedTokens", Assert.Throws<EstimateException>(() => CacheTrade.OfPrefix(on, load, 1000)).Field);
    }

    /// <summary>A million tokens on machines that are rented for all hours costs R ÷ (u · M): at half the share, twice as
    /// much.</summary>
    [Fact]
    public void CostFollowsHowBusyMachinesAre()
    {
        ServiceRequirements r = ServiceRequirements.For(UseCase.Chat, ServiceLoad.OfUsers(50), s_llama) with
        {
            Gpus = [s_h100], Engines = [EngineCatalog.Vllm], Residency = Residency.Any,
        };
        Plan plan = Planner.Plan(r).Best!;
        var curve = CostCurve.Of(plan, r, 0.25, 0.5, 1);
        Assert.Equal(curve.Points[0].Rent!.Value, 2 * curve.Points[1].Rent!.Value, 1e-9);
        Assert.Equal(RentOrBuy.Of(plan, r).RentUsdPerMonth!.Value / curve.MillionTokensPerMonth,
            curve.Points[2].Rent!.Value, 1e-9);
        Assert.Equal(curve.Points[0].Api, curve.Points[2].Api);
        Assert.Throws<EstimateException>(() => CostCurve.Of(plan, r, 0));
        // Where they cross, both cost the same, to the cent.
        var money = RentOrBuy.Of(plan, r);
        double requests = plan.Cost.UsdPerMonth / money.ApiUsdPerRequest!.Value;
        Assert.Equal(plan.Cost.UsdPerMonth, requests * money.ApiUsdPerRequest.Value, 0.005);
        if (money.MonthsToBreakEven is { } months)
        {
            Assert.Equal(money.RentUsdPerMonth!.Value * months, money.BuyUsd!.Value
                + (months * (money.BuyUsdPerMonth!.Value - (money.BuyUsd.Value / 60))), 0.005);
        }
    }
}
