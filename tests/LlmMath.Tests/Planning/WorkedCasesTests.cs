using LlmMath.Planning;
using LlmMath.Testing;

namespace LlmMath.Tests.Planning;

/// <summary>The worked cases of docs/planning.md: each opens with the decision that the library comes to.</summary>
public class WorkedCasesTests
{
    public static TheoryData<string> Names => ["startup", "law firm", "support chat", "classification", "analysts"];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheDecisionInTheDocsIsRecomputed(string name)
    {
        PlanResult result = Planner.Plan(Case(name));
        string[] answer = result.ToMarkdown(new(2026, 12, 1)).Split('\n');
        string decision = $"**{answer[Array.IndexOf(answer, "## Decision") + 2]}**";
        string[] page = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "planning.md"));
        Assert.True(page.Contains(decision), $"docs/planning.md, {name}: the decision is now\n{decision}");
    }

    private static ServiceRequirements Case(string name) => name switch
    {
        "startup" => For(UseCase.Chat, ServiceLoad.OfUsers(20, peakFactor: 1.52), "llama-3.1-8b-instruct") with
        {
            Gpus = [GpuCatalog.Find("rtx-4090")], GpusPerReplica = [1], Residency = Residency.Premises,
        },
        "law firm" => For(UseCase.Retrieval, ServiceLoad.OfUsers(50, peakFactor: 1.17), "llama-3.1-70b-instruct") with
        {
            Residency = Residency.Premises,
            Gpus = [.. ((string[])["a100-sxm-80gb", "h100-sxm-80gb", "h200-sxm-141gb", "rtx-pro-6000-blackwell-server"])
                .Select(GpuCatalog.Find)],
        },
        "support chat" => For(UseCase.Chat, ServiceLoad.OfUsers(2000, peakFactor: 1.52), "llama-3.1-8b-instruct") with
        {
            TimeToFirstToken = LatencyLimit.Of(500, 95), InterTokenLatency = LatencyLimit.Of(100, 95),
            Residency = Residency.Any,
        },
        "classification" => For(UseCase.Batch, ServiceLoad.OfBatch(1e8, TimeSpan.FromHours(240)), "llama-3.1-8b-instruct") with
        {
            Prompt = TokenLengths.Fixed(500), Output = TokenLengths.Fixed(5),
        },
        _ => For(UseCase.Summary, ServiceLoad.OfUsers(20), "llama-3.1-405b-instruct") with { Residency = Residency.Any },
    };

    private static ServiceRequirements For(UseCase use, ServiceLoad load, string model) =>
        ServiceRequirements.For(use, load, ModelCatalog.Find(model));
}
