using LlmMath.Planning;

namespace LlmMath.Tests.Planning;

/// <summary>One of each record of planning, for tests that look at all of them.</summary>
internal static class PlanningExamples
{
    public static IEnumerable<object> All()
    {
        MachinePrice server = PriceList.Catalog.Machines[0];
        OwningCost owning = OwningCost.Of(server, 1, Ownership.Catalog);
        ServiceRequirements asked = ServiceRequirements.For(
            UseCase.Chat, ServiceLoad.OfUsers(20.5), ModelCatalog.Llama3_1_8b) with { Gpus = [GpuCatalog.Find("l40s")] };
        PlanResult found = Planner.Plan(asked), none = Planner.Plan(asked with { Budget = 1.5 });
        return
        [
            asked, asked.Load, asked.Prompt, TokenLengths.Histogram(new LengthBin(1.5, 1)).Bins, UseCase.Chat,
            asked.TimeToFirstToken!, found, found.Best!, found.Best!.Offer, found.Dropped, none.Nearest!, none.Nearest!.Moves,
            CostCurve.Of(found.Best!, asked), CostCurve.Of(found.Best!, asked).Points, Quality.Scores[0], Quality.Losses[0],
            Quality.LossOf(ModelCatalog.Llama3_1_8b, WeightFormat.Fp8), new QualityFloor("MMLU", 1.5), LaunchFlags.Of("vllm"),
            LaunchReading.Read("vllm serve m --gpu-memory-utilization 0.5"),
            FormatTrade.Of(ModelCatalog.Llama3_1_8b, GpuCatalog.Find("l40s"), 1, new Workload(10, 2), [WeightFormat.Fp8]),
            CacheTrade.OfAnswer(found.Best!.Deployment, new Workload(10, 2)),
            RentOrBuy.Of(found.Best!, asked), new RequestTrace(1, asked.Prompt, asked.Output, 0.5, 1.5),
            PriceList.Catalog, Ownership.Catalog, owning, owning.ByMonth,
            Swing.Of(Ownership.Catalog, one => OwningCost.Of(server, 1, one).UsdPerMonth),
            new MoneyRange(0.5, 1.5, 2.5), new StrategyBreakEven("a", "b", 1.5, 0.5), new StrategyTask
            {
                Gpu = GpuCatalog.Find("l40s"), Examples = 1, TokensPerExample = 1, RequestsPerMonth = 1.5, PromptTokens = 1,
                OutputTokens = 1, Months = 0.5, Prices = PriceList.Empty,
            },
            new ServiceCost { UsdPerHour = 1.5, RequestsPerMonth = 2.5, PromptTokens = 3.5, OutputTokens = 4.5, BusyShare = 0.5 },
        ];
    }
}
