using System.Text.Json;

namespace LlmMath.Cli.Tests;

public class PlanTests
{
    private static readonly string[] s_planKeys =
    [
        "model", "weights", "gpu", "gpus", "tp", "replicas", "engine", "timeToFirstTokenMs", "interTokenLatencyMs", "usersServed",
        "usdPerHour", "usdPerMillionTokens", "quality", "launch", "basis", "chance", "percentile",
    ];

    [Fact]
    public void TheContractsKeysAreThere()
    {
        Command run = Command.Run("plan", "llama-3.1-8b", "--users", "20", "--gpu", "l40s,h100-sxm-80gb", "--json");
        Assert.Equal(0, run.Exit);
        JsonElement root = run.Json;
        foreach (string key in (string[])["plans", "rentOrBuy", "dropped", "nearest", "warnings", "assumed"])
        {
            Assert.True(root.TryGetProperty(key, out _), key);
        }

        JsonElement plan = root.GetProperty("plans")[0];
        Assert.All(s_planKeys, key => Assert.True(plan.TryGetProperty(key, out _), key));
        Assert.True(plan.GetProperty("usersServed").GetDouble() >= 20);
        Assert.Equal(JsonValueKind.Null, root.GetProperty("nearest").ValueKind);
        Assert.Equal(root.GetProperty("candidates").GetInt64(), root.GetProperty("plans").GetArrayLength()
            + root.GetProperty("dropped").EnumerateArray().Sum(drop => drop.GetProperty("count").GetInt64()));
        Assert.Contains("--active-share 0.3", root.GetProperty("assumed").EnumerateArray().Select(text => text.GetString()));
    }

    [Fact]
    public void OneSentenceThenATableThenWhatWasChosen()
    {
        Command run = Command.Run("plan", "llama-3.1-8b", "--users", "20", "--gpu", "l40s,h100-sxm-80gb", "--sources");
        string[] lines = run.Output.Split('\n');
        Assert.StartsWith("20 users, 30 % at once, 1 requests a minute each: llama-3.1-8b in bf16 by ", lines[0]);
        Assert.Contains(" US dollars a month; first token within ", lines[0]);
        Assert.True(lines.Length <= 24, run.Output);
        Assert.Contains("chosen: --use chat; ", run.Output);
        Assert.Contains("ewyluda/gpu-price-index@", run.Output);
        Assert.Empty(run.Error);
    }

    [Fact]
    public void NothingThatMeetsTheRequirementsIsExitThree()
    {
        Command run = Command.Run("plan", "llama-3.1-8b", "--users", "20", "--gpu", "l40s", "--max-itl", "2");
        Assert.Equal(3, run.Exit);
        Assert.StartsWith("llmmath: nothing meets the requirements. --max-itl ", run.Error);
        Assert.Contains("would do instead of 2: llama-3.1-8b in ", run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        JsonElement nearest = Command.Run("plan", "llama-3.1-8b", "--users", "20", "--gpu", "l40s", "--max-itl", "2", "--json")
            .Json.GetProperty("nearest");
        Assert.Equal("--max-itl", nearest.GetProperty("moves")[0].GetProperty("limit").GetString());
    }

    [Fact]
    public void ABatchCostsWhatItTakesInAll()
    {
        JsonElement plan = Command.Run("plan", "llama-3.1-8b", "--batch-requests", "1000000", "--prompt", "500", "--output", "5",
            "--gpu", "h100-sxm-80gb", "--json").Json.GetProperty("plans")[0];
        Assert.Equal(plan.GetProperty("usdPerHour").GetDouble() * plan.GetProperty("batchHours").GetDouble(),
            plan.GetProperty("usd").GetDouble(), 1e-6);
        Assert.InRange(plan.GetProperty("batchHours").GetDouble(), 0, 24);
    }

    [Fact]
    public void ModelsAreComparedWhateverLimitsAUseCaseHas()
    {
        Command run = Command.Run("compare", "llama-3.1-8b", "gpt-oss-20b", "--users", "5", "--gpu", "l40s");
        Assert.Equal(0, run.Exit);
        Assert.Contains("gpt-oss-20b", run.Output);
        Assert.DoesNotContain("--max-ttft", run.Output);
    }

    [Fact]
    public void OnesOwnPriceStandsOverTheCatalogs()
    {
        using var folder = new Folder();
        string mine = folder.Write("mine.json",
            """{ "instances": [{ "provider": "me", "instance": "box", "gpu": "l40s", "gpus": 4, "usd_per_hour": 2 }] }""");
        JsonElement plan = Command.Run("plan", "llama-3.1-8b", "--users", "20", "--gpu", "l40s", "--prices", mine, "--json").Json
            .GetProperty("plans")[0];
        Assert.Equal((2.0, 1460.0), (plan.GetProperty("usdPerHour").GetDouble(), plan.GetProperty("usd").GetDouble()));
        string wrong = folder.Write("wrong.json", "{ \"instances\": [\n{ \"provider\": \"me\", \"gpu\": \"l40\" }] }");
        Command run = Command.Run("plan", "llama-3.1-8b", "--users", "20", "--prices", wrong);
        Assert.Equal(2, run.Exit);
        Assert.Contains("wrong.json, line 2: instances[0].", run.Error);
    }

    [Theory]
    [InlineData("--users", "0", "users: 1 to 10,000,000,000 is right; it is 0.")]
    [InlineData("--rps", "5", "--users, --rps, --tokens-per-day, --batch-requests: one of them is right.")]
    [InlineData("--use", "talk", "--use: \"talk\" is no use case.")]
    [InlineData("--percentile", "101", "Percentile: 50 to below 100 is right; it is 101.")]
    [InlineData("--max-ttft", "-5", "--max-ttft: AtMost: above 0 ms is right")]
    [InlineData("--residency", "moon", "--residency: premises, cloud or any is right; it is \"moon\".")]
    [InlineData("--hours", "900", "HoursPerMonth: above 0, at most 730 is right; it is 900.")]
    [InlineData("--gpu", "h10", "--gpu: \"h10\"")]
    [InlineData("--engine", "vlm", "--engine: \"vlm\"")]
    [InlineData("--weights", "fp9", "--weights: \"fp9\"")]
    [InlineData("--provider", "nobody", "--provider: aws, ")]
    [InlineData("--tp", "two", "--tp: numbers from 1 are right")]
    [InlineData("--prompt-p95", "50", "--prompt is needed beside --prompt-p95: the median.")]
    [InlineData("--trace", "nowhere.csv", "--trace: ")]
    [InlineData("--top", "0", "--top: 1 or more is right.")]
    public void WhatIsWrongIsNamedInOneLine(string option, string value, string error)
    {
        string[] users = option == "--users" ? [] : ["--users", "20"];
        Command run = Command.Run(["plan", "llama-3.1-8b", .. users, option, value]);
        Assert.Equal(2, run.Exit);
        Assert.Contains(error, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }
}
