namespace LlmMath.Cli.Tests;

/// <summary>What <c>llmmath memory</c> answers where the question has a mistake or leaves something out.</summary>
public class MemoryMistakesTests
{
    [Theory]
    [InlineData("--weights is needed", "memory", "opt-350m")]
    [InlineData("\"q4_k_x\" is no weight format. Nearest: ", "memory", "opt-350m", "--weights", "q4_k_x")]
    [InlineData("--kv: \"fp7\" is no cache format. Nearest: fp8", "memory", "opt-350m", "--weights", "fp16", "--kv", "fp7")]
    [InlineData("--gpu: \"rtx-409\" is not in the catalog. Nearest: ", "memory", "opt-350m", "--weights", "fp16", "--gpu",
        "rtx-409")]
    [InlineData("--engine: vllm does not run on Apple's apple-m1-pro", "memory", "opt-350m", "--weights", "fp16", "--engine",
        "vllm", "--gpu", "apple-m1-pro")]
    [InlineData("--engine: \"vlm\" is not in the catalog", "memory", "opt-350m", "--weights", "fp16", "--engine", "vlm")]
    [InlineData("--weights: vllm does not load q8_0", "memory", "opt-350m", "--weights", "q8_0", "--engine", "vllm")]
    [InlineData("--batch: 1 or more is needed", "memory", "opt-350m", "--weights", "fp16", "--batch", "0")]
    [InlineData("--context: 1 or more is needed", "memory", "opt-350m", "--weights", "fp16", "--context", "0")]
    [InlineData("--context: the model was made for at most 2,048 tokens", "memory", "opt-350m", "--weights", "fp16",
        "--context", "2049")]
    [InlineData("--gpus: 1 or more is needed", "memory", "opt-350m", "--weights", "fp16", "--gpus", "0")]
    [InlineData("--tp: 3 does not divide the 4 of --gpus", "memory", "opt-350m", "--weights", "fp16", "--gpus", "4", "--tp", "3")]
    [InlineData("3 does not divide the 16 heads", "memory", "opt-350m", "--weights", "fp16", "--gpus", "3", "--tp", "3")]
    [InlineData("\"--weigths\" is not an option here", "memory", "opt-350m", "--weigths", "fp16")]
    [InlineData("--batch: \"many\" is no whole number", "memory", "opt-350m", "--weights", "fp16",
        "--batch", "many")]
    [InlineData("2 GPUs are named in --gpu; 4 is not their number", "memory", "opt-350m", "--weights", "fp16", "--gpu", "t4,l4",
        "--gpus", "4")]
    [InlineData("--prompt: at most --context (100) is right; it is 200", "memory", "opt-350m", "--weights", "fp16", "--context",
        "100", "--prompt", "200")]
    [InlineData("--encoder-tokens: 0 or more is needed; it is -1", "memory", "opt-350m", "--weights", "fp16",
        "--encoder-tokens", "-1")]
    [InlineData("--gpu-memory-utilization: above 0", "memory", "opt-350m", "--weights", "fp16", "--gpu-memory-utilization",
        "1.5", "--gpu", "rtx-4090")]
    [InlineData("--ep: the model has no experts", "memory", "opt-350m", "--weights", "fp16", "--gpus", "2", "--ep", "2")]
    [InlineData("--dp: 3 does not divide the 4 of --gpus", "memory", "opt-350m", "--weights", "fp16", "--gpus", "4", "--dp", "3")]
    [InlineData("no published count says how large its vision tower is", "memory", "opt-350m", "--weights", "fp16", "--vision")]
    [InlineData("--kv: vllm has no q4_0 cache", "memory", "opt-350m", "--weights", "fp16", "--kv", "q4_0", "--engine", "vllm")]
    public void MistakesGetOneClearLineAndStatus2(string problem, params string[] args)
    {
        Command run = Command.Run(args);

        Assert.Equal(2, run.Exit);
        Assert.Contains(problem, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("--lora-rank: --lora is needed beside it", "--lora-rank", "8")]
    [InlineData("--lora-rank: 5,000 exceeds the hidden size of gpt2, 768", "--lora", "1", "--lora-rank", "5000")]
    [InlineData("--gpu-memory-utilization: --gpu is needed beside it", "--gpu-memory-utilization", "0.5")]
    [InlineData("--prefix-cache: the cache of so many tokens of gpt2 would exceed 2^63 - 1 bytes", "--prefix-cache",
        "9007199254740993")]
    public void WhatCannotBeAskedNamesTheOptionOrTheModel(string problem, params string[] args)
    {
        Command run = Command.Run(["memory", "gpt2", "--weights", "bf16", .. args]);
        Assert.Equal(2, run.Exit);
        Assert.Contains(problem, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void NoEngineInAnyCase() =>
        Assert.Equal(0, Command.Run("memory", "gpt2", "--weights", "BF16", "--engine", "None").Exit);

    [Fact]
    public void WhatAConfigLeavesOutIsSaid()
    {
        using var folder = new Folder();
        string path = folder.Write("config.json", """{"model_type":"llama"}""");
        Assert.Contains("taken from the family's defaults: ", Command.Run("memory", path, "--weights", "bf16").Output);
        Assert.DoesNotContain("taken from", Command.Run("memory", "opt-350m", "--weights", "bf16").Output);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("l4,,l4")]
    public void AnEmptyNameIsNoGpu(string names)
    {
        Command run = Command.Run("memory", "gpt2", "--weights", "bf16", "--gpu", names);
        Assert.Equal(2, run.Exit);
        Assert.Contains("--gpu: a name is empty", run.Error);
    }
}
