using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmMath.Cli.Tests;

public class TrainTests
{
    [Fact]
    public void ReinforcementLearningHasItsPhases()
    {
        Command run = Command.Run("train", "llama-3-8b", "--method", "grpo", "--gpu", "h100-sxm-80gb", "--gpus", "16", "--tokens",
            "10000000", "--trainer", "torchtitan", "--prompt", "200,400,1024", "--completion", "800,2000,3072", "--group", "16",
            "--recompute", "full", "--json");
        JsonElement root = run.Json;
        Assert.Equal(0, run.Exit);
        Assert.Equal(
            ["rollout", "policy log-probabilities", "reference log-probabilities", "update", "weight transfer"],
            root.GetProperty("phases").EnumerateArray().Select(phase => phase.GetProperty("name").GetString()));
        Assert.Equal(root.GetProperty("stepMs").GetProperty("expected").GetDouble(),
            root.GetProperty("phases").EnumerateArray().Sum(phase => phase.GetProperty("ms").GetDouble()), 1.0);
        Assert.Equal("rollout", root.GetProperty("memoryPhases")[0].GetProperty("name").GetString());
        Assert.Contains("--rollout colocated", root.GetProperty("assumed").EnumerateArray().Select(text => text.GetString()));
    }

    [Theory]
    [InlineData("--group", "1", "--group: 2 or more is right; it is 1.")]
    [InlineData("--completion", "0", "--completion: MEAN[,P95[,LIMIT]] in tokens is right")]
    [InlineData("--completion", "900,100", "--completion: p95: the mean or more, at most 1,073,741,824 tokens is right; it is 100.")]
    [InlineData("--rollout", "far", "--rollout: colocated, apart, one-off or async is right")]
    [InlineData("--rollout-gpus", "1", "--rollout-gpus: --rollout colocated has none of its own.")]
    [InlineData("--seq", "100", "--seq: with ppo and grpo --prompt and --completion say how long sequences are.")]
    [InlineData("--reference", "precomputed", "--reference: answers of Grpo are not there before training")]
    [InlineData("--reference", "adapter-off", "--reference: no adapter is trained that could be switched off.")]
    public void WhatIsWrongOfAnswersIsNamed(string option, string value, string error)
    {
        Command run = Command.Run("train", "llama-3-8b", "--gpu", "a100-sxm-80gb", "--gpus", "2", "--tokens", "1000", "--method",
            "grpo", option, value);
        Assert.Equal(2, run.Exit);
        Assert.Contains(error, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    private static readonly string[] s_keys =
    [
        "trainableParameters", "perGpuBytes", "hostBytes", "peak", "parts", "flops", "tokensPerSecondPerGpu", "stepMs", "phases",
        "goodput", "checkpointSeconds", "checkpointEveryMinutes", "nvmeBytes", "gpuHours", "hours", "costUsd", "mfu", "basis", "fits", "saves", "warnings", "assumed",
    ];

    [Fact]
    public void TheContractsKeysAreThere()
    {
        Command run = Command.Run("train", "llama-3-8b", "--method", "qlora", "--gpu", "rtx-4090", "--tokens", "1000000",
            "--rank", "16", "--target-modules", "q_proj,v_proj", "--recompute", "full", "--json", "--explain");
        Assert.Equal(0, run.Exit);
        JsonElement root = run.Json;
        Assert.All(s_keys, key => Assert.True(root.TryGetProperty(key, out _), key));
        Assert.Equal(32 * 16 * (4096 + 4096 + 4096 + 1024), root.GetProperty("trainableParameters").GetInt64());
        Assert.Equal(root.GetProperty("allocatedBytes").GetInt64(),
            root.GetProperty("parts").EnumerateArray().Sum(part => part.GetProperty("bytes").GetInt64()));
        Assert.Contains("--weights nf4", root.GetProperty("assumed").EnumerateArray().Select(text => text.GetString()));
    }

    [Fact]
    public void WhatDoesNotFitSaysWhatWould()
    {
        Command run = Command.Run("train", "llama-3-8b", "--method", "full", "--gpu", "h100-sxm-80gb", "--gpus", "1", "--tokens",
            "1000000", "--precision", "mixed");
        Assert.Equal(3, run.Exit);
        Assert.StartsWith("llmmath: it does not fit: ", run.Error);
        Assert.Contains("optimizer's moments", run.Output);
    }

    [Fact]
    public void ChangesThatFitTogetherAreSaid()
    {
        Command run = Command.Run("train", "llama-3-8b", "--method", "full", "--gpu", "rtx-4090", "--gpus", "4", "--tokens",
            "1000000", "--precision", "mixed", "--sharding", "none");
        Assert.Equal(3, run.Exit);
        Assert.Contains(" together.", run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    /// <summary>Where no change is enough, the fewest GPUs are named, and it fits on them.</summary>
    [Fact]
    public void WhatFitsOnMoreGpusAloneIsSaid()
    {
        string[] asked = ["train", "llama-3.1-70b", "--gpu", "h100-sxm-80gb", "--tokens", "1000000"];
        Command run = Command.Run(asked);
        Assert.Equal(3, run.Exit);
        Match said = Regex.Match(run.Error, "It fits with ([0-9]+) GPUs and recompute full together");
        Assert.True(said.Success, run.Error);
        int gpus = int.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture);
        string[] more = [.. asked, "--recompute", "full", "--gpus"];
        Assert.Equal(0, Command.Run([.. more, N(gpus)]).Exit);
        Assert.Equal(3, Command.Run([.. more, N(gpus / 2)]).Exit);

        static string N(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>What is assumed of failures and of the machine is said, and what is given is taken.</summary>
    [Fact]
    public void WhatStopsARunAndWhereItsStateLiesIsSaid()
    {
        string[] asked = ["train", "llama-3-8b", "--gpu", "a100-sxm-80gb", "--gpus", "8", "--tokens", "1000000", "--json"];
        JsonElement plain = Command.Run(asked).Json, sure = Command.Run([.. asked, "--failures", "0"]).Json;
        Assert.Contains("--failures 50677", plain.GetProperty("assumed").EnumerateArray().Select(text => text.GetString()));
        Assert.Equal(1, sure.GetProperty("goodput").GetProperty("expected").GetDouble());
        Assert.Equal(sure.GetProperty("hours").GetProperty("expected").GetDouble(),
            plain.GetProperty("hours").GetProperty("expected").GetDouble()
                * plain.GetProperty("goodput").GetProperty("expected").GetDouble(), 6);
        JsonElement host = Command.Run([.. asked, "--offload", "optimizer"]).Json;
        Assert.Contains("--pcie 32 (PCI Express 4)",
            host.GetProperty("assumed").EnumerateArray().Select(text => text.GetString()));
        Assert.Contains("host memory",
            host.GetProperty("phases").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        JsonElement drives = Command.Run([.. asked, "--offload", "optimizer,nvme"]).Json;
        Assert.Equal(JsonValueKind.Null, drives.GetProperty("hours").ValueKind);
        Assert.Equal(host.GetProperty("hostBytes").GetInt64(), drives.GetProperty("nvmeBytes").GetInt64());
        Assert.Equal(JsonValueKind.Object,
            Command.Run([.. asked, "--offload", "optimizer,nvme", "--nvme", "6"]).Json.GetProperty("hours").ValueKind);
    }

    [Fact]
    public void NoTrainerWorksOnAGgufFile()
    {
        Command run = Command.Run("train", "llama-3-8b", "--method", "qlora", "--gpu", "rtx-4090", "--tokens", "1000",
            "--weights", "q4_k_m");
        Assert.Equal(2, run.Exit);
        Assert.Contains("--weights: no trainer works on weights in q4_k_m. Train over bf16 or nf4", run.Error);
    }

    [Fact]
    public void SpeedHasARangeWhereATrainerWasMeasured()
    {
        JsonElement root = Command.Run("train", "llama-3-8b", "--method", "pretrain", "--gpu", "h100-sxm-80gb", "--gpus", "8",
            "--tokens", "1000000000", "--trainer", "torchtitan", "--seq", "8192", "--recompute", "by-operator", "--price", "2.5",
            "--json").Json;
        JsonElement rate = root.GetProperty("tokensPerSecondPerGpu");
        Assert.InRange(rate.GetProperty("expected").GetDouble(), rate.GetProperty("low").GetDouble(),
            rate.GetProperty("high").GetDouble());
        Assert.Equal("measured", root.GetProperty("basis").GetString());
        Assert.Equal(2.5 * root.GetProperty("gpuHours").GetProperty("expected").GetDouble(),
            root.GetProperty("costUsd").GetProperty("expected").GetDouble(), 6);
        Assert.InRange(root.GetProperty("mfu").GetProperty("expected").GetDouble(), 0.1, 0.9);
    }

    [Theory]
    [InlineData("--method", "fast", "--method: pretrain, full, lora, qlora, dora, reward, dpo, ipo, kto, orpo, simpo, ppo or")]
    [InlineData("--group", "4", "--group: --method ppo and grpo have it; it is full.")]
    [InlineData("--reference", "kept", "--reference: Full has none; it is Kept.")]
    [InlineData("--rank", "8", "--rank: an adapter is trained by --method lora")]
    [InlineData("--trainer", "vllm", "--trainer: \"vllm\"")]
    [InlineData("--recompute", "some", "--recompute: none, selective, byoperator, full are right")]
    [InlineData("--tp", "3", "--gpus: a multiple of --tp × --pp × --cp, 3, is right; it is 1.")]
    [InlineData("--price", "-1", "--price: 0 or more is right; it is -1.")]
    [InlineData("--gpus", "0", "--gpus: 1 or more is right; it is 0.")]
    [InlineData("--micro-batch", "0", "--micro-batch: 1 or more is right; it is 0.")]
    [InlineData("--ep", "3", "--ep: the model has no experts.")]
    [InlineData("--seq", "1000000000", "--seq: the model was made for at most 8,192 tokens; it is 1,000,000,000.")]
    [InlineData("--seq", "0", "--seq: 1 or more is right; it is 0.")]
    [InlineData("--filled", "2", "--filled: above 0 and at most 1 is right; it is 2.")]
    [InlineData("--evaluate", "-1", "--evaluate: 0 or more is right; it is -1.")]
    [InlineData("--failures", "-1", "--failures: above 0 is right; it is -1.")]
    [InlineData("--checkpoint", "0", "--checkpoint: above 0 is right; it is 0.")]
    [InlineData("--pcie", "32", "--pcie: nothing is offloaded; give --offload.")]
    [InlineData("--offload", "disk", "--offload: none, optimizer, parameters, activations, nvme are right; it is \"disk\".")]
    [InlineData("--precision", "fp8", "--precision: A100 SXM 80GB has no 8-bit floats.")]
    public void WhatIsWrongIsNamedInOneLine(string option, string value, string error)
    {
        Command run = Command.Run("train", "llama-3-8b", "--gpu", "a100-sxm-80gb", "--tokens", "1000", option, value);
        Assert.Equal(2, run.Exit);
        Assert.Contains(error, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }
}
