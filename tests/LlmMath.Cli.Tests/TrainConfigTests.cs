using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LlmMath.Cli.TrainConfig;
using static LlmMath.Cli.Tests.TrainConfigSamples;

namespace LlmMath.Cli.Tests;

/// <summary><c>llmmath train --config</c>: files of training programs become options; what they leave open, contradict or say in
/// words that are not understood is named.</summary>
public class TrainConfigTests
{
    [Fact]
    public void AnAxolotlFileSaysTheSameAsOptions()
    {
        using var folder = new Folder();
        Command read = Command.Run("train", "--config", folder.Write("a.yml", Axolotl), "--gpu", "a100-sxm-80gb", "--gpus", "2",
            "--json");
        Command said = Command.Run("train", "llama-3-8b", "--trainer", "hf-peft", "--method", "qlora", "--rank", "32",
            "--target-modules", "q_proj,v_proj", "--weights", "nf4", "--seq", "4096", "--micro-batch", "2", "--global-batch",
            "16", "--optimizer", "adamw-8bit", "--recompute", "full", "--attention", "flash", "--gpu", "a100-sxm-80gb", "--gpus",
            "2", "--tokens", "65536", "--json");
        Assert.Equal(0, read.Exit);
        foreach (string key in (string[])["trainableParameters", "perGpuBytes", "allocatedBytes", "peak", "flops", "fits"])
        {
            Assert.Equal(said.Json.GetProperty(key).ToString(), read.Json.GetProperty(key).ToString());
        }

        JsonElement config = read.Json.GetProperty("config");
        Assert.Equal("axolotl", config.GetProperty("files")[0].GetProperty("tool").GetString());
        Assert.EndsWith("a.yml: layer_offloading", Assert.Single(Strings(config.GetProperty("notUnderstood"))));
    }

    [Fact]
    public void WhatIsLeftToAnotherFileIsFoundThere()
    {
        using var folder = new Folder();
        string ds = folder.Write("ds.json", DeepSpeed), arguments = folder.Write("args.json", Arguments);
        JsonElement root = Command.Run("train", "llama-3.1-8b", "--config", arguments, "--config", ds, "--gpu", "h100-sxm-80gb",
            "--gpus", "8", "--json").Json;
        Dictionary<string, string> options = root.GetProperty("config").GetProperty("reads").EnumerateArray().ToDictionary(
            word => word.GetProperty("option").GetString()!, word => word.GetProperty("value").GetString()!);
        Assert.Equal("2", options["--micro-batch"]);
        Assert.Equal("128", options["--global-batch"]);
        Assert.Equal("zero3", options["--sharding"]);
        Assert.Equal("mixed", options["--precision"]);
        Assert.Equal("optimizer", options["--offload"]);
        Assert.Equal("fused", options["--loss"]);
        Assert.Equal((100L * 128 * 1024).ToString(), options["--tokens"]);
        Assert.True(root.GetProperty("hostBytes").GetInt64() > 0);
        Assert.EndsWith("args.json: galore", Assert.Single(Strings(root.GetProperty("config").GetProperty("notUnderstood"))));
    }

    [Fact]
    public void AnAdaptersFileGivesItsExactParameters()
    {
        using var folder = new Folder();
        JsonElement root = Command.Run("train", "--config", folder.Write("adapter_config.json", Adapter), "--json").Json;
        // 32 layers: queries 4,096 → 4,096 at rank 8, values 4,096 → 1,024 at rank 16.
        Assert.Equal(32 * ((8 * 8192) + (16 * 5120)), root.GetProperty("trainableParameters").GetInt64());
        Assert.EndsWith("layer_replication",
            Assert.Single(Strings(root.GetProperty("config").GetProperty("notUnderstood"))));
    }

    [Fact]
    public void ALlamaFactoryFileIsRead()
    {
        using var folder = new Folder();
        Command run = Command.Run("train", "--config", folder.Write("lf.yaml", Factory), "--gpu", "rtx-4090");
        Assert.Equal(0, run.Exit);
        Assert.Contains("--target-modules all-linear", run.Output);
        Assert.DoesNotContain("not understood", run.Output);
    }

    /// <summary>What fits according to the answer fits when it is said.</summary>
    [Fact]
    public void WhatDoesNotFitSaysHowItWould()
    {
        using var folder = new Folder();
        string file = folder.Write("a.yml", Axolotl.Replace("micro_batch_size: 2", "micro_batch_size: 16"));
        Command run = Command.Run("train", "--config", file, "--gpu", "rtx-4090", "--json");
        Assert.Equal(3, run.Exit);
        JsonElement[] ways = [.. run.Json.GetProperty("config").GetProperty("fitsWith").EnumerateArray()];
        Assert.Equal(3, ways.Length);
        Assert.Equal(ways.Select(way => way.GetProperty("slowdown").GetDouble()).Order(),
            ways.Select(way => way.GetProperty("slowdown").GetDouble()));
        foreach (JsonElement way in ways)
        {
            string[] options = [.. Strings(way.GetProperty("knobs")).SelectMany(knob => ("--" + knob).Split(' ', 2))];
            Assert.Equal(0, Command.Run(["train", "--config", file, "--gpu", "rtx-4090", .. options]).Exit);
        }
    }

    [Theory]
    [InlineData("a.json", DeepSpeed, "train_micro_batch_size_per_gpu (--micro-batch)")]
    [InlineData("config.json", "{\"architectures\": [], \"hidden_size\": 8}", "a model's config.json: llmmath train takes ")]
    [InlineData("a.yaml", "compute_environment: LOCAL_MACHINE", "accelerate's configuration is not read.")]
    [InlineData("a.yaml", "services:\n  web: 1", "its keys are services. Training configurations are known by a key: ")]
    [InlineData("a.yaml", "base_model: gpt2\nlora_r: [1, 2", "a.yaml: line ")]
    [InlineData("a.yaml", "base_model: gpt2\nadapter: lora\nlora_r: many", "lora_r: a whole number from 1 is right; it is ")]
    [InlineData("a.yaml", "base_model: gpt2\nadapter: ia3", "adapter: lora or qlora is right; it is \"ia3\".")]
    [InlineData("a.yaml", "base_model: gpt2\nbase_model: gpt2", "base_model: it stands there twice.")]
    [InlineData("a.yaml", "base_model: gpt2\noptimizer: sophia", "optimizer: adamw_torch, ")]
    [InlineData("a.yaml", "base_model: gpt2\ndeepspeed: nowhere.json", "deepspeed: \"nowhere.json\" is not a file here or ")]
    [InlineData("a.yaml", "base_model: gpt2\nx: &x [*x]", "*x stands for nothing that is complete there.")]
    [InlineData("a.yaml", "", "it is empty.")]
    [InlineData("a.json", "[]", "a JSON object is right.")]
    [InlineData("a.json", "{\"zero_optimization\": {\"stage\": 5}}", "zero_optimization.stage: 0, 1, 2 or 3 is right; ")]
    [InlineData("a.json", "{\"peft_type\": \"IA3\"}", "peft_type: LORA is right; it is \"IA3\".")]
    [InlineData("a.json", "{\"peft_type\": \"LORA\", \"revision\": \"main\"}", "target_modules (--target-modules)")]
    public void WhatIsWrongIsNamedInOneLine(string name, string text, string error)
    {
        using var folder = new Folder();
        Command run = Command.Run("train", "gpt2", "--config", folder.Write(name, text), "--gpu", "l4");
        Assert.Equal(2, run.Exit);
        Assert.Contains(error, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void TwoFilesThatContradictEachOtherAreNamed()
    {
        using var folder = new Folder();
        Command run = Command.Run("train", "gpt2", "--config", folder.Write("a.json", Arguments), "--config",
            folder.Write("ds.json", DeepSpeed.Replace("size_per_gpu\": \"auto\"", "size_per_gpu\": 4")));
        Assert.Equal(2, run.Exit);
        Assert.Contains("train_micro_batch_size_per_gpu: 4 contradicts 2 of ", run.Error);
    }

    /// <summary>Anchors that stand for more than is read, and deep nests: an error at once. Changed files: tests/LlmMath.Fuzz,
    /// <c>readers/train-config</c>.</summary>
    [Fact]
    public void NestsWithoutEndAreRefused()
    {
        var watch = Stopwatch.StartNew();
        string laughs = "base_model: gpt2\na: &a {x: 1, y: 1}\n" + string.Concat(Enumerable.Range(1, 25).Select(at =>
            $"{(char)('a' + at)}: &{(char)('a' + at)} {{x: *{(char)('a' + at - 1)}, y: *{(char)('a' + at - 1)}}}\n"));
        Assert.Throws<CliException>(() => Read("a.yaml", laughs));
        Assert.Throws<CliException>(() => Read("a.yaml", laughs.Replace("{x: 1, y: 1}", "{}")));
        Assert.Throws<CliException>(() => Read("a.yaml", "base_model: " + new string('[', 100_000)));
        Assert.Throws<CliException>(() => Read("a.json", "{\"a\": " + new string('[', 100_000)));
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), $"{watch.Elapsed}");

        static void Read(string name, string text) => ConfigFiles.Of(name, Encoding.UTF8.GetBytes(text));
    }

    private static IEnumerable<string> Strings(JsonElement list) => list.EnumerateArray().Select(text => text.GetString()!);
}
