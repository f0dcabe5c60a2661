using LlmMath.Planning;

namespace LlmMath.Tests.Planning;

/// <summary>One of each record of planning, for tests that look at all of them.</summary>
internal static class PlanningExamples
{
    public static IEnumerable<object> All()
    {
        MachinePrice server = PriceList.Catalog.Machines[0];
        OwningCost owning = OwningCost.Of(server, 1, Ownership.Catalog);
        return
        [
            PriceList.Catalog, Ownership.Catalog, owning, owning.ByMonth,
            Swing.Of(Ownership.Catalog, one => OwningCost.Of(server, 1, one).UsdPerMonth),
            new ServiceCost { UsdPerHour = 1.5, RequestsPerMonth = 2.5, PromptTokens = 3.5, OutputTokens = 4.5, BusyShare = 0.5 },
        ];
    }
}
