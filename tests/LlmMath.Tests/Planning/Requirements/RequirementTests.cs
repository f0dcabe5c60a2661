using LlmMath.Planning;
using LlmMath.Placement;
using LlmMath.Planning.Requirements;

namespace LlmMath.Tests.Planning.Requirements;

public class RequirementTests
{
    private static readonly ServiceRequirements s_asked =
        ServiceRequirements.For(UseCase.Chat, ServiceLoad.OfUsers(20), ModelCatalog.Opt350m);

    /// <summary>Tables of the standard normal distribution: 1.2816, 1.6449, 2.3263.</summary>
    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.9, 1.2815515655)]
    [InlineData(0.95, 1.6448536270)]
    [InlineData(0.99, 2.3263478740)]
    [InlineData(0.001, -3.0902323062)]
    public void TheNormalDistribution(double share, double z)
    {
        Assert.Equal(z, Normal.Quantile(share), 1e-8);
        Assert.Equal(share, Normal.Share(z), 2e-7);
    }

    [Fact]
    public void LengthsHaveAMeanAndPercentiles()
    {
        Assert.Equal((100.0, 100.0, 100.0),
            (TokenLengths.Fixed(100).Mean, TokenLengths.Fixed(100).At(1), TokenLengths.Fixed(100).At(99)));
        var spread = TokenLengths.LogNormal(1000, 4000);
        Assert.Equal(1000, spread.Median, 1e-6);
        Assert.Equal(4000, spread.At(95), 1e-6);
        // σ = ln 4 ÷ 1.64485 = 0.84281; 1000 · exp(σ² ÷ 2) = 1,426.4.
        Assert.Equal(1426.4, spread.Mean, 0.1);
        var bins = TokenLengths.Histogram(new LengthBin(300, 0.2), new LengthBin(100, 0.8));
        Assert.Equal((140.0, 100.0, 300.0), (bins.Mean, bins.At(80), bins.At(81)));
        Assert.Equal((300L, 0.2), (bins.Limit, bins.Above(100)));
        Assert.Equal((0.8 * 1e4) + (0.2 * 9e4), bins.Moment(2), 1e-6);
    }

    [Fact]
    public void LengthsThatAreCutKeepTheirMeanAndPercentile()
    {
        var cut = new TokenLengths(800, 2000, 3072);
        Assert.Equal((800.0, 3072L), (cut.Mean, cut.Limit));
        Assert.Equal(800, cut.Moment(1), 1e-3);
        Assert.Equal(2000, cut.At(95), 1e-2);
        Assert.Equal(0.05, cut.Above(2000), 1e-6);
        Assert.Equal((0.0, 3072.0), (cut.Above(3072), cut.At(99.9)));
        // 2.136 and four times the mean where nothing else is said.
        Assert.Equal((1709.0, 3200L), (Math.Round(new TokenLengths(800).At(95)), new TokenLengths(800).Limit));
    }

    [Fact]
    public void ATraceIsCounted()
    {
        RequestTrace trace = Read("""
            TIMESTAMP,ContextTokens,GeneratedTokens
            2023-11-16 18:17:03.9799600,4808,10
            2023-11-16 18:17:04.0319600,3180,8
            2023-11-16 18:18:03.9799600,100,3
            2023-11-16 18:19:03.9799600,100,3
            """);
        Assert.Equal((4L, 2047.0, 6.0), (trace.Requests, trace.Prompt.Mean, trace.Output.Mean));
        Assert.Equal(4 / 120.0, trace.RequestsPerSecond!.Value, 1e-12);
        // Two in the first minute; two a minute in the mean of two minutes.
        Assert.Equal(1, trace.PeakFactor, 1e-12);
        Assert.Equal(100, trace.Prompt.Median);
    }

    [Theory]
    [InlineData("a,b\n1,2", "line 1: ContextTokens")]
    [InlineData("arrived_at,prompt,output\n1,2,3\n0.5,2,3", "line 3: arrived_at: it came before")]
    [InlineData("prompt,output\n1,-2", "line 2: output")]
    [InlineData("prompt,output\n1,NaN", "line 2: output")]
    [InlineData("prompt,output\n1,2,3", "line 2: columns")]
    [InlineData("prompt,output", "requests: there is none")]
    public void AWrongTraceIsRefusedAtItsLine(string text, string error) =>
        Assert.Contains(error, Assert.Throws<DefinitionException>(() => Read(text)).Message, StringComparison.Ordinal);

    /// <summary>Bytes of a good trace changed at random give a trace or an error that says where.</summary>
    [Fact]
    public void AMutatedTraceIsReadOrRefused()
    {
        const string Good = "arrived_at,num_prefill_tokens,num_decode_tokens\n0.5,100,20\n1.5,120,30\n7.25,9,1\n";
        var random = new Random(4);
        for (int round = 0; round < 500; round++)
        {
            char[] text = Good.ToCharArray();
            for (int change = 0; change <= random.Next(4); change++)
            {
                text[random.Next(text.Length)] = (char)random.Next(9, 127);
            }

            try
            {
                Assert.True(Read(new string(text)).Requests > 0);
            }
            catch (DefinitionException error)
            {
                Assert.Contains("line ", error.Message, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>What endless lines take is a bounded line.</summary>
    [Fact]
    public void AnEndlessLineIsRefused() => Assert.Contains("65,536 characters", Assert.Throws<DefinitionException>(
        () => RequestTrace.Read(new StringReader(new string('x', 100_000)), "t")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(double.PositiveInfinity)]
    public void NumbersThatCannotBeAreRefusedByName(double number)
    {
        Refused("tokens", () => TokenLengths.Fixed(number));
        Refused("median", () => TokenLengths.LogNormal(number, 10));
        Refused("mean", () => new TokenLengths(number));
        Refused("p95", () => TokenLengths.LogNormal(10, number));
        Refused("Tokens", () => TokenLengths.Histogram(new LengthBin(number, 1)));
        Refused("users", () => ServiceLoad.OfUsers(number));
        Refused("activeShare", () => ServiceLoad.OfUsers(10, number));
        Refused("requestsPerSecond", () => ServiceLoad.OfRate(number));
        Refused("tokensPerDay", () => ServiceLoad.OfTokensPerDay(number));
        Refused("requests", () => ServiceLoad.OfBatch(number, TimeSpan.FromHours(1)));
        Refused("AtMost", () => LatencyLimit.Of(number));
        Refused("Budget", () => Planner.Plan(s_asked with { Budget = number }));
        Refused("HoursPerMonth", () => Planner.Plan(s_asked with { HoursPerMonth = number }));
        Refused("Months", () => Planner.Plan(s_asked with { Months = number }));
    }

    [Fact]
    public void WhatContradictsItselfIsRefused()
    {
        Refused("bins", () => TokenLengths.Histogram(new LengthBin(1, 0.5), new LengthBin(2, 0.4)));
        Refused("p95", () => TokenLengths.LogNormal(100, 50));
        Refused("p95", () => new TokenLengths(9, 5, 7));
        Refused("limit", () => new TokenLengths(9, 15, 10));
        Refused("LatencyLimit.Percentile", () => LatencyLimit.Of(1, 101));
        Refused("TimeToFirstToken.Percentile",
            () => Planner.Plan(s_asked with { TimeToFirstToken = new(TimeSpan.FromSeconds(1), -5) }));
        Refused("EndToEnd", () => Planner.Plan(s_asked with { EndToEnd = LatencyLimit.Of(100) }));
        Refused("HoursPerMonth", () => Planner.Plan(s_asked with { HoursPerMonth = 100 }));
        Refused("SharedPrefixTokens", () => Planner.Plan(s_asked with { SharedPrefixTokens = 5000 }));
        Refused("LongestContext", () => Planner.Plan(s_asked with { LongestContext = 100 }));
        Refused("Models", () => Planner.Plan(s_asked with { Models = [] }));
        Refused("deadline", () => ServiceLoad.OfBatch(10, TimeSpan.Zero));
    }

    /// <summary>Three turns with questions of 400 tokens and answers of 200: prompts of 400, 1,000 and 1,600, of which 0, 600 and
    /// 1,200 are cached.</summary>
    [Fact]
    public void TurnsOfAConversationAreCached()
    {
        ServiceRequirements r = s_asked with { Prompt = TokenLengths.Fixed(1000), Output = TokenLengths.Fixed(200), Turns = 3 };
        Assert.Equal((400.0, 600.0), (r.QuestionTokens, r.CachedTokens));
        Assert.Equal(600, new LlmMath.Planning.Search.Demand(r).Workload.CachedPromptTokens);
        Assert.Equal((1000.0, 0.0), ((r with { Turns = 1 }).QuestionTokens, (r with { Turns = 1 }).CachedTokens));
        Refused("Turns", () => Planner.Plan(r with { Turns = 20 }));
        Refused("Turns", () => Planner.Plan(r with { Turns = double.NaN }));
    }

    [Fact]
    public void EveryUseCaseHasASource()
    {
        Assert.All(UseCase.All, one =>
        {
            Assert.NotEmpty(one.Source.Licence);
            Assert.Equal(one, UseCase.Find(one.Name.ToUpperInvariant()));
        });
        Assert.Throws<UnknownNameException>(() => UseCase.Find("chatting"));
    }

    private static void Refused(string field, Func<object> ask) =>
        Assert.Equal(field, Assert.Throws<EstimateException>(ask).Field);

    private static RequestTrace Read(string text) => RequestTrace.Read(new StringReader(text), "trace.csv");
}
