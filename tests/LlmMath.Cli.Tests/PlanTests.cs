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
        Assert.StartsWith("20 users, 30 % at once, 1 request a minute each: llama-3.1-8b in bf16 by ", lines[0]);
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
    [InlineData("--users", "0", "--users: 1 to 10,000,000,000 is right; it is 0.")]
    [InlineData("--users", "1e300", "--users: 1 to 10,000,000,000 is right; it is 1E+300.")]
    [InlineData("--users", "NaN", "--users: \"NaN\" is no number")]
    [InlineData("--rps", "5", "--users, --rps, --tokens-per-day, --batch-requests: one of them is right.")]
    [InlineData("--active-share", "2", "--active-share: above 0, at most 1 is right; it is 2.")]
    [InlineData("--requests-per-minute", "0", "--requests-per-minute: above 0, at most 1,000,000 is right; it is 0.")]
    [InlineData("--peak", "0.5", "--peak: 1 to 1,000 is right; it is 0.5.")]
    [InlineData("--use", "talk", "--use: \"talk\" is no use case.")]
    [InlineData("--percentile", "101", "--percentile: 50 to below 100 is right; it is 101.")]
    [InlineData("--max-ttft", "-5", "--max-ttft: above 0 ms is right")]
    [InlineData("--max-total", "50", "--max-total: the whole answer takes at least as long as a part of it: 50 ms for 90 of 100 "
        + "is less than the limit of a part, 2,000 ms for 90 of 100.")]
    [InlineData("--residency", "moon", "--residency: premises, cloud or any is right; it is \"moon\".")]
    [InlineData("--hours", "900", "--hours: above 0, at most 730 is right; it is 900.")]
    [InlineData("--months", "0", "--months: above 0, at most 1,200 is right; it is 0.")]
    [InlineData("--growth", "-2", "--growth: above -1, at most 100 is right; it is -2.")]
    [InlineData("--budget", "-3", "--budget: above 0 US dollars is right; it is -3.")]
    [InlineData("--context", "10", "--context: prompt and answer or more, at most 1,073,741,824 tokens is right; it is 10.")]
    [InlineData("--turns", "500",
        "--turns: at most 11, whose answers a prompt of the given mean has room for, is right; it is 500.")]
    [InlineData("--shared-prefix", "5000", "--shared-prefix: 0 or more, fewer than a prompt has is right; it is 5,000.")]
    [InlineData("--max-loss", "7", "--max-loss: 0 to 1 is right; it is 7.")]
    [InlineData("--quality", "MMLU-Pro>=x", "--quality: a benchmark, >= and a number are right")]
    [InlineData("--gpu", "h10", "--gpu: \"h10\"")]
    [InlineData("--engine", "vlm", "--engine: \"vlm\"")]
    [InlineData("--weights", "fp9", "--weights: \"fp9\"")]
    [InlineData("--provider", "nobody", "--provider: aws, ")]
    [InlineData("--tp", "two", "--tp: numbers from 1 are right")]
    [InlineData("--tp", "5000", "--tp: 1 to 1,024 GPUs is right; it is 5,000.")]
    [InlineData("--prompt", "0", "--prompt: 1 to 1,073,741,824 tokens is right; it is 0.")]
    [InlineData("--prompt-p95", "50", "--prompt is needed beside --prompt-p95: the median.")]
    [InlineData("--trace", "nowhere.csv", "--trace: ")]
    [InlineData("--prices", "nowhere.json", "--prices: ")]
    [InlineData("--top", "0", "--top: 1 or more is right.")]
    [InlineData("--top", "1000000", "--top: 1 to 100,000 is right; it is 1,000,000.")]
    [InlineData("--launch", "podman", "--launch: ")]
    [InlineData("--benchmark", "stopwatch", "--benchmark: \"stopwatch\" is no benchmark whose flags were read.")]
    [InlineData("--deadline", "5", "--deadline: it is of a batch: --batch-requests is needed beside it.")]
    [InlineData("--quality-by", "me", "--quality-by: --quality is needed beside it.")]
    public void WhatIsWrongIsNamedInOneLine(string option, string value, string error)
    {
        string[] users = option == "--users" ? [] : ["--users", "20"];
        Command run = Command.Run(["plan", "llama-3.1-8b", .. users, option, value]);
        Assert.Equal(2, run.Exit);
        Assert.Contains(error, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    /// <summary>What another option makes meaningless is said, never passed over.</summary>
    [Theory]
    [InlineData("--rps 2 --active-share 0.5", "--active-share: it is of users: --users is needed beside it.")]
    [InlineData("--batch-requests 100 --peak 3", "--peak: a batch has no busiest minute.")]
    [InlineData("--batch-requests 100 --percentile 95", "--percentile: a limit is needed beside it: ")]
    [InlineData("--batch-requests 100 --deadline 0", "--deadline: more than 0 hours are right")]
    [InlineData("--users 20 --residency premises --provider aws", "--provider: machines are bought with --residency premises")]
    [InlineData("--users 20 --residency premises --hours 300", "--hours: machines are bought with --residency premises")]
    [InlineData("--users 20 --prompt 100 --prompt-p95 50", "--prompt-p95: the median or more, at most ")]
    [InlineData("--users 20 --percentile 150 --max-ttft 100", "--percentile: 50 to below 100 is right; it is 150.")]
    public void WhatDoesNotGoTogetherIsNamedInOneLine(string options, string error) =>
        Refused(["plan", "llama-3.1-8b", .. options.Split(' ')], error);

    [Theory]
    [InlineData("tradeoff llama-3.1-8b --gpu h1000", "--gpu: \"h1000\" is not in the catalog.")]
    [InlineData("tradeoff llama-3.1-8b --gpu l4 --prompt 0", "--prompt: 1 or more is right; it is 0.")]
    [InlineData("tradeoff llama-3.1-8b --gpu l4 --output -3", "--output: 1 or more is right; it is -3.")]
    [InlineData("tradeoff llama-3.1-8b --gpu l4 --weights fp9", "--weights: \"fp9\" is no weight format.")]
    [InlineData("tradeoff llama-3.1-8b --gpu l4 --shared-prefix 5000", "--shared-prefix: 1 or more, fewer than the 1,024 of a ")]
    [InlineData("cost llama-3.1-8b --batch-requests 10", "--batch-requests: llmmath plan says what a batch costs")]
    [InlineData("cost llama-3.1-8b --users -1", "--users: 1 to 10,000,000,000 is right; it is -1.")]
    [InlineData("compare llama-3.1-8b --users 20 --percentile 95", "--percentile: a limit is needed beside it: ")]
    [InlineData("check vllm --gpu h9", "--gpu: \"h9\" is not in the catalog.")]
    [InlineData("check vllm --gpu l4 --output 0", "--output: 1 or more is right; it is 0.")]
    [InlineData("check ollama --gpu l4", "command: vllm serve MODEL, ")]
    public void VerbsBesidePlanNameTheirOptionsToo(string line, string error) => Refused(line.Split(' '), error);

    private static void Refused(string[] words, string error)
    {
        Command run = Command.Run(words);
        Assert.Equal(2, run.Exit);
        Assert.Contains(error, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }
}
