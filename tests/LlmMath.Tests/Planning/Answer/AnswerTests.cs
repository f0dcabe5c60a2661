using LlmMath.Planning;
using LlmMath.Testing;

namespace LlmMath.Tests.Planning.Answer;

public class AnswerTests
{
    private static readonly DateOnly s_today = new(2026, 11, 30);
    private static readonly ServiceRequirements s_asked = ServiceRequirements.For(UseCase.Chat, ServiceLoad.OfUsers(20),
        ModelCatalog.Find("llama-3.1-8b-instruct")) with { Gpus = [GpuCatalog.Find("h100-sxm-80gb")], Residency = Residency.Any };

    [Fact]
    public void AnAnswerHasTheDecisionReasonsSourcesAndRisks()
    {
        PlanResult result = Planner.Plan(s_asked);
        string markdown = result.ToMarkdown(s_today), html = result.ToHtml(s_today);
        foreach (string heading in (string[])["Decision", "What would do, the cheapest first", "How sure that is",
            "What starts it", "Rent, buy or call an API", "What proves or refutes it", "What fell out, and why", "What was asked",
            "What owning is reckoned with", "Prices", "Risks"])
        {
            Assert.Contains($"\n## {heading}\n", markdown, StringComparison.Ordinal);
            Assert.Contains($"<h2>{heading}</h2>", html, StringComparison.Ordinal);
        }

        Assert.Contains(result.Best!.Offer.Source.Where.Split('@')[0], markdown, StringComparison.Ordinal);
        Assert.Contains("\n| PUE | ", markdown, StringComparison.Ordinal);
        // What starts it stands as a shell reads it.
        Assert.Contains($"\n```\n{LaunchCommand.Of(result.Best!)}\n```\n", markdown, StringComparison.Ordinal);
        var money = RentOrBuy.Of(result.Best!, s_asked);
        Assert.Equal(money.ApiUsdPerMonth < result.Best!.Usd, markdown.Contains("'s API costs", StringComparison.Ordinal));
        // The page needs nothing from elsewhere.
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
    }

    /// <summary>Names come from anybody's files: none becomes markup.</summary>
    [Fact]
    public void NamesAreTextNotMarkup()
    {
        ModelDefinition known = ModelCatalog.Find("llama-3.1-8b-instruct");
        var odd = new ModelDefinition("<script>alert(1)</script>|*x*", "a/b", known.Config);
        PlanResult result = Planner.Plan(s_asked with { Models = [odd] });
        Assert.DoesNotContain("<script", result.ToHtml(s_today), StringComparison.Ordinal);
        Assert.Contains(@"\<script\>alert(1)\</script\>\|\*x\*", result.ToMarkdown(s_today), StringComparison.Ordinal);
    }

    [Fact]
    public void AnEmptyResultExplainsItself()
    {
        string markdown = Planner.Plan(s_asked with { Budget = 10 }).ToMarkdown(s_today);
        Assert.Contains("Nothing meets the requirements.", markdown, StringComparison.Ordinal);
        Assert.Contains("Budget: ", markdown, StringComparison.Ordinal);
    }
}
