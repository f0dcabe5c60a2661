using LlmMath.Basics;
using LlmMath.Planning;
using LlmMath.Planning.Launch;

namespace LlmMath.Tests.Planning.Launch;

public class LaunchTests
{
    private static readonly PlanResult s_found = Planner.Plan(ServiceRequirements.For(
        UseCase.Chat, ServiceLoad.OfUsers(20), ModelCatalog.Find("llama-3.1-8b-instruct")) with
        {
            Gpus = [GpuCatalog.Find("h100-sxm-80gb")], Engines = [EngineCatalog.Vllm], Weights = [WeightFormat.Bf16],
        });

    /// <summary>Hundreds of drawn setups are read back from a shell's line as they were, with spaces, quotes and $ in
    /// names.</summary>
    [Fact]
    public void ACommandIsReadBackAsItWasWritten()
    {
        var random = new Random(6);
        for (int round = 0; round < 400; round++)
        {
            ServerSetup setup = DrawnServers.Setup(random);
            LaunchFlags flags = LaunchFlags.Of(setup.Engine);
            var command = new LaunchCommand(setup, flags.Versions[0], 1, GpuCatalog.Find("h100-sxm-80gb"),
                new ByteSize(20_000_000_000));
            Assert.Equal(setup, LaunchReading.Read(command.Text(LaunchForm.Shell)));
        }
    }

    /// <summary>What is printed stands in the list of that version, and nothing that runs the model's own code or is
    /// gone.</summary>
    [Fact]
    public void EveryPrintedFlagWasReadInThatVersion()
    {
        var random = new Random(7);
        string[] never =
            ["--trust-remote-code", "--trust_remote_code", "--num-scheduler-steps", "--num-lookahead-slots", "--task"];
        for (int round = 0; round < 200; round++)
        {
            ServerSetup setup = DrawnServers.Setup(random) with { Model = "org/model" };
            LaunchFlags flags = LaunchFlags.Of(setup.Engine);
            string[] words = LaunchWords.Of(setup, flags, flags.Versions[0]);
            string[] printed = [.. words.SkipWhile(word => word != "org/model").Skip(1).Where(word => word.StartsWith('-'))];
            Assert.NotEmpty(printed);
            Assert.All(printed, word => Assert.Contains(flags.Versions[0], flags.Spelled(word)!.Versions));
            Assert.Empty(printed.Intersect(never));
        }
    }

    /// <summary>Over two machines each pod of SGLang is told its rank; requests go to the leader alone.</summary>
    [Fact]
    public void AGroupOfMachinesIsToldItsRanks()
    {
        ServerSetup setup = DrawnServers.Setup(new(9)) with
        {
            Engine = "sglang", Model = "org/model", Revision = null, Quantization = null, DataType = "auto", Cache = "auto",
            Tensor = 8, Pipeline = 2, MemoryShare = 0.9,
        };
        var command = new LaunchCommand(setup, "0.5", 3, GpuCatalog.Find("h100-sxm-80gb"), new ByteSize(1_000_000_000_000));
        string text = command.Text(LaunchForm.LeaderWorkerSet);
        Assert.Equal(2, text.Split("\"--node-rank\", \"$(LWS_WORKER_INDEX)\"").Length - 1);
        Assert.Contains("replicas: 3", text, StringComparison.Ordinal);
        Assert.Contains("size: 2", text, StringComparison.Ordinal);
        Assert.Equal(1, text.Split("startupProbe").Length - 1);
        // A terabyte at 100 MB/s is 10,000 s.
        Assert.Contains("failureThreshold: 1000", text, StringComparison.Ordinal);
        Assert.Throws<EstimateException>(() => (command with { MachineGpus = 6 }).Text(LaunchForm.LeaderWorkerSet));
    }

    /// <summary>The benchmark asks what the plan was estimated for, with flags that were read, and tells what is
    /// expected.</summary>
    [Theory]
    [InlineData("vllm", "--max-concurrency")]
    [InlineData("guidellm", "--profile")]
    [InlineData("aiperf", "--concurrency")]
    public void ABenchmarkAsksForThePlansOwnFigures(string tool, string atOnce)
    {
        Plan plan = s_found.Best!;
        var benchmark = BenchmarkCommand.Of(plan, tool);
        var flags = LaunchFlags.OfBenchmark(tool);
        Assert.All(benchmark.Words.Where(word => word.StartsWith('-')), word => Assert.NotNull(flags.Spelled(word)));
        string places = benchmark.Words[benchmark.Words.ToList().IndexOf(atOnce) + 1];
        Assert.EndsWith($"{plan.RequestsAtOnce}", places, StringComparison.Ordinal);
        Assert.Equal(ShellText.Split(benchmark.ToString()), benchmark.Words);
        Assert.Contains(benchmark.Expected, line => line.Contains(
            NumberText.Short(plan.Estimate.InterTokenLatency.Expected.TotalMilliseconds), StringComparison.Ordinal));
        Assert.DoesNotContain(benchmark.Words, word => word.Contains("trust", StringComparison.OrdinalIgnoreCase));
        Assert.Throws<UnknownNameException>(() => BenchmarkCommand.Of(plan, "ab"));
    }

    /// <summary>What is cached of prompts is told too, or refused.</summary>
    [Fact]
    public void ABenchmarkIsToldWhatPromptsShare()
    {
        Plan plan = Planner.Plan(s_found.Requirements with { SharedPrefixTokens = 500 }).Best!;
        Workload load = plan.Estimate.Workload;
        Assert.Equal(500, load.CachedPromptTokens);
        string vllm = BenchmarkCommand.Of(plan, "vllm").ToString();
        Assert.Contains($"--random-input-len {load.PromptTokens - 500} --random-prefix-len 500", vllm, StringComparison.Ordinal);
        Assert.Contains("--prompt-prefix-length 500", BenchmarkCommand.Of(plan, "aiperf").ToString(), StringComparison.Ordinal);
        Assert.Equal("CachedPromptTokens", Assert.Throws<EstimateException>(() => BenchmarkCommand.Of(plan, "guidellm")).Field);
    }

    [Fact]
    public void ACheckOfAPrintedCommandGivesThePlansOwnFigures()
    {
        Plan plan = s_found.Best!;
        ServerSetup read = LaunchReading.Read(LaunchCommand.Of(plan).Text(LaunchForm.Shell));
        Workload load = plan.Estimate.Workload with { Requests = plan.MostAtOnce };
        InferenceEstimate estimate = plan.Deployment.Speed(load);
        var check = LaunchCheck.Of(read, plan.Deployment.Model, plan.Deployment.Gpu!, load.PromptTokens, load.OutputTokens,
            plan.Deployment.Weights);
        Assert.True(check.Fits);
        Assert.Equal(estimate.TimeToFirstToken, check.Speed!.Value.TimeToFirstToken);
        Assert.Equal(estimate.InterTokenLatency, check.Speed!.Value.InterTokenLatency);
        Assert.True(plan.MostAtOnce >= plan.RequestsAtOnce);
    }

    [Fact]
    public void WhatACommandLeavesUnsaidIsNamed()
    {
        ServerSetup read = LaunchReading.Read(
            "vllm serve meta-llama/Llama-3.1-70B-Instruct --max-model-len 32k --tensor-parallel-size=2 --enable-lora");
        Assert.Equal((32_000L, 2, null), (read.Context, read.Tensor, read.Requests));
        Assert.Equal(["--enable-lora"], read.Unreckoned);
        var check = LaunchCheck.Of(read, ModelCatalog.Find("llama-3.1-70b-instruct"), GpuCatalog.Find("h100-sxm-80gb"));
        Assert.False(check.Fits);
        Assert.Contains("requests at once: 1,024", check.Assumed);
        Assert.Contains(check.Advice, advice => advice.Contains("GPUs (TP 4) hold it", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ollama run llama3", "begins with \"ollama run llama3\"")]
    [InlineData("vllm serve", "the model is missing after serve")]
    [InlineData("vllm serve m --max-modl-len 5", "nearest: --max-model-len")]
    [InlineData("vllm serve m --ctx-size 5", "--ctx-size: no flag of vllm that was read")]
    [InlineData("vllm serve m --max-model-len", "--max-model-len: a value is missing")]
    [InlineData("vllm serve m --max-num-seqs -3", "--max-num-seqs: a whole number from 1 is right; it is \"-3\"")]
    [InlineData("vllm serve m --gpu-memory-utilization 1.5", "--gpu-memory-utilization: above 0, at most 1 is right")]
    [InlineData("vllm serve 'm", "a quote ' is left open")]
    [InlineData("vllm serve $MODEL", "a shell would do something with $")]
    [InlineData("vllm serve m && rm -r x", "a shell would do something with &")]
    public void WhatIsWrongIsNamed(string text, string error) =>
        Assert.Contains(error, Assert.Throws<EstimateException>(() => LaunchReading.Read(text)).Message,
            StringComparison.Ordinal);

    /// <summary>A command with signs changed at random is read, or refused by name.</summary>
    [Fact]
    public void AMutatedCommandIsReadOrRefused()
    {
        string good = LaunchCommand.Of(s_found.Best!).Text(LaunchForm.Shell);
        var random = new Random(8);
        for (int round = 0; round < 1000; round++)
        {
            char[] text = good.ToCharArray();
            text[random.Next(text.Length)] = (char)random.Next(9, 127);
            try
            {
                Assert.NotEmpty(LaunchReading.Read(new string(text)).Engine);
            }
            catch (EstimateException error)
            {
                Assert.NotEmpty(error.Field);
            }
        }
    }

    [Fact]
    public void WhatAnEngineCannotBeToldIsRefused()
    {
        Assert.Throws<EstimateException>(() => LaunchCommand.Of(s_found.Best!, version: "0.1"));
        LaunchCommand older = LaunchCommand.Of(s_found.Best!, version: "0.11.1");
        Assert.Contains("host: vllm 0.11.1 has no flag for it that was read",
            Assert.Throws<EstimateException>(() => older.Words).Message, StringComparison.Ordinal);
        Assert.Throws<UnknownNameException>(() => LaunchFlags.Of("mlx"));
    }
}
