using System.Text.Json;

namespace LlmMath.Cli.Tests;

/// <summary>What stands beside <c>llmmath plan</c>: cost, tradeoff, quality, check, and the forms of an answer.</summary>
public class PlanVerbsTests
{
    private static readonly string[] s_one = ["llama-3.1-8b-instruct", "--users", "20", "--gpu", "h100-sxm-80gb"];

    [Fact]
    public void CostIsByHowBusyMachinesAre()
    {
        JsonElement root = Command.Run(["cost", .. s_one, "--place", "Germany", "--json"]).Json;
        JsonElement[] points = [.. root.GetProperty("byBusyShare").EnumerateArray()];
        Assert.Equal(100, points[0].GetProperty("rentUsdPerMillion").GetDouble() / points[^1].GetProperty("rentUsdPerMillion")
            .GetDouble(), 1e-6);
        Assert.True(root.GetProperty("kilogramsCo2PerMonth").GetDouble() > 0);
        Assert.Equal(3, Command.Run(["cost", .. s_one, "--budget", "1"]).Exit);
        Assert.Contains("busy", Command.Run(["cost", .. s_one, "--explain"]).Output);
    }

    [Fact]
    public void FormatsStandSideBySide()
    {
        Command run = Command.Run("tradeoff", "llama-3.1-8b-instruct", "--gpu", "h100-sxm-80gb", "--weights", "bf16,fp8,awq",
            "--shared-prefix", "100", "--json");
        Assert.Equal(["bf16", "fp8", "awq-4bit-128g"],
            run.Json.GetProperty("formats").EnumerateArray().Select(format => format.GetProperty("format").GetString()));
        Assert.Equal(2, run.Json.GetProperty("kept").GetArrayLength());
        Assert.Contains("nothing", Command.Run("tradeoff", "opt-350m", "--gpu", "l4", "--weights", "fp16").Output);
        Assert.Equal(3, Command.Run("tradeoff", "llama-3.1-405b", "--gpu", "l4", "--weights", "fp8").Exit);
        Assert.Equal(2, Command.Run("tradeoff", "opt-350m", "--gpu", "l4", "--weights", "fp9").Exit);
    }

    [Fact]
    public void ScoresSayByWhom()
    {
        Command run = Command.Run("quality", "llama-3.1-8b-instruct", "--json");
        Assert.All(run.Json.GetProperty("scores").EnumerateArray(),
            score => Assert.NotEmpty(score.GetProperty("by").GetString()!));
        Command wrong = Command.Run("quality", "opt-350m", "--benchmark", "MMLU-Prof");
        Assert.Equal(2, wrong.Exit);
        Assert.Contains("Nearest: MMLU-Pro", wrong.Error);
    }

    [Fact]
    public void APlansCommandIsCheckedBack()
    {
        string command = Command.Run(["plan", .. s_one, "--launch", "shell"]).Output;
        Assert.StartsWith("vllm serve meta-llama/Llama-3.1-8B-Instruct --dtype bfloat16 ", command);
        Command check = Command.Run("check", command, "--gpu", "h100-sxm-80gb", "--json");
        Assert.Equal(0, check.Exit);
        JsonElement root = check.Json;
        Assert.Equal("llama-3.1-8b-instruct", root.GetProperty("reads").GetProperty("model").GetString());
        Assert.True(root.GetProperty("fits").GetBoolean());
        foreach (string key in (string[])["reads", "assumed", "memory", "speed", "fits", "advice"])
        {
            Assert.True(root.TryGetProperty(key, out _), key);
        }

        using var folder = new Folder();
        string manifest = folder.Write("llm.yaml", Command.Run(["plan", .. s_one, "--launch", "kubernetes"]).Output);
        Assert.Equal(0, Command.Run("check", manifest, "--gpu", "h100-sxm-80gb").Exit);
        Assert.Equal(3, Command.Run("check", manifest, "--gpu", "rtx-3060-12gb").Exit);
    }

    /// <summary>Every form of containers is YAML as a library reads it, with its parts where they belong.</summary>
    [Theory]
    [InlineData("kubernetes", "spec.template.spec")]
    [InlineData("leaderworkerset", "spec.leaderWorkerTemplate.leaderTemplate.spec")]
    public void AManifestIsYaml(string form, string pod)
    {
        string text = Command.Run(["plan", .. s_one, "--launch", form]).Output;
        var document = new YamlDotNet.RepresentationModel.YamlStream();
        document.Load(new StringReader(text));
        YamlDotNet.RepresentationModel.YamlNode node = document.Documents[0].RootNode;
        foreach (string key in pod.Split('.'))
        {
            node = node[key];
        }

        YamlDotNet.RepresentationModel.YamlNode container = node["containers"][0];
        Assert.Equal(["name", "image", "command", "env", "resources", "ports", "startupProbe", "readinessProbe", "volumeMounts"],
            ((YamlDotNet.RepresentationModel.YamlMappingNode)container).Children.Keys.Select(key => key.ToString()));
        Assert.Equal("/health", container["startupProbe"]["httpGet"]["path"].ToString());
        Assert.Equal("Memory", node["volumes"][0]["emptyDir"]["medium"].ToString());
        Assert.Contains(":v", container["image"].ToString());
    }

    [Theory]
    [InlineData("vllm", "vllm bench serve --host 127.0.0.1 ")]
    [InlineData("guidellm", "guidellm run --backend kind=openai_http,")]
    [InlineData("aiperf", "aiperf profile --model meta-llama/Llama-3.1-8B-Instruct ")]
    public void ABenchmarkIsPrintedWithWhatIsExpected(string tool, string begins)
    {
        string[] lines = Command.Run(["plan", .. s_one, "--benchmark", tool]).Output.TrimEnd().Split('\n');
        Assert.StartsWith(begins, lines[^1]);
        Assert.All(lines[..^1], line => Assert.StartsWith("# ", line));
        Assert.Contains(lines, line => line.StartsWith("# time to the first token, ms: ", StringComparison.Ordinal));
    }

    [Fact]
    public void AnAnswerIsWrittenDown()
    {
        Assert.StartsWith("# A plan to serve a language model\n", Command.Run(["plan", .. s_one, "--markdown"]).Output);
        Assert.StartsWith("<!DOCTYPE html>", Command.Run(["plan", .. s_one, "--html"]).Output);
        Command none = Command.Run(["plan", .. s_one, "--budget", "1", "--markdown"]);
        Assert.Equal(3, none.Exit);
        Assert.Contains("Nothing meets the requirements.", none.Output);
    }

    [Theory]
    [InlineData("--launch", "podman", "--launch: shell, compose, kubernetes, leaderworkerset, kserve, rayserve, rayservice, ")]
    [InlineData("--quality", "MMLU", "--quality: a benchmark, >= and a number are right")]
    [InlineData("--quality-by", "me", "--quality-by: ")]
    [InlineData("--max-loss", "2", "--max-loss: 0 to 1 is right; it is 2.")]
    [InlineData("--basis", "guessed", "--basis: measured, kernels-measured, interpolated or extrapolated is right")]
    [InlineData("--place", "Atlantis", "--place: \"Atlantis\"")]
    public void WhatIsWrongIsNamedInOneLine(string option, string value, string error)
    {
        string[] floor = option == "--quality-by" ? ["--quality", "MMLU>=1"] : [];
        Command run = Command.Run(["plan", .. s_one, .. floor, option, value]);
        Assert.Equal(2, run.Exit);
        Assert.Contains(error, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("vllm serve m --max-modl-len 5", "--max-modl-len: no flag of vllm that was read; nearest: --max-model-len")]
    [InlineData("ollama run m", "command: vllm serve MODEL")]
    [InlineData("vllm serve nothing-known", "nothing-known")]
    public void ACommandThatIsNotReadIsRefused(string command, string error)
    {
        Command run = Command.Run("check", command, "--gpu", "l4");
        Assert.Equal(2, run.Exit);
        Assert.Contains(error, run.Error);
    }
}
