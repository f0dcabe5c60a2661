using System.Text.Json;
using LlmMath.Cli.Yaml;
using LlmMath.Planning;
using LlmMath.Tests.Planning.Launch;

namespace LlmMath.Cli.Tests.Launch;

/// <summary>Every form that starts a plan: it is held to the definition of who reads it, and read back.</summary>
public class ManifestTests
{
    private static readonly LaunchForm[] s_forms = [.. Enum.GetValues<LaunchForm>().Where(form => form != LaunchForm.Shell)];

    /// <summary>Every form of hundreds of drawn commands is valid and is read back as it was, or refused with its
    /// reason.</summary>
    [Fact]
    public void EveryFormIsValidAndReadBackAsItWasWritten()
    {
        var random = new Random(6);
        var written = s_forms.ToDictionary(form => form, _ => 0);
        for (int round = 0; round < 240; round++)
        {
            LaunchCommand command = DrawnServers.Command(random);
            foreach (LaunchForm form in s_forms)
            {
                string text;
                try
                {
                    text = command.Text(form);
                }
                catch (EstimateException refused)
                {
                    Assert.True(IsRefused(command, form), $"{form}: {refused.Message}\n{command.Setup}");
                    continue;
                }

                Assert.False(IsRefused(command, form), $"{form}: {command.Setup}");
                Assert.Equal("", Schemas.Wrong(text));
                ManifestServer read = ManifestFile.Read("a.yaml", text)[0];
                Assert.Equal(Inside(command.Setup, form), read.Setup);
                Assert.True(form == LaunchForm.Compose || read.Count == command.Replicas, form.ToString());
                written[form]++;
            }
        }

        Assert.All(written, form => Assert.True(form.Value > 15, $"{form.Key}: only {form.Value} written"));
    }

    /// <summary>What the definitions do not have is found.</summary>
    [Theory]
    [InlineData(LaunchForm.Compose, "shm_size: ", "shared: ")]
    [InlineData(LaunchForm.Kubernetes, "failureThreshold: ", "failureThresholds: ")]
    [InlineData(LaunchForm.LeaderWorkerSet, "leaderTemplate:", "leader:")]
    [InlineData(LaunchForm.KServe, "uri: ", "url: ")]
    [InlineData(LaunchForm.RayService, "num_replicas: ", "replicas: ")]
    [InlineData(LaunchForm.RayService, "replicas: 4", "replicas: four")]
    [InlineData(LaunchForm.LlmD, "matchLabels:", "labels:")]
    [InlineData(LaunchForm.Dynamo, "type: frontend", "type: front")]
    public void WhatDefinitionsDoNotHaveIsFound(LaunchForm form, string right, string wrong)
    {
        LaunchCommand command = DrawnServers.TwoSides(new(11)) with { Prefill = null, Replicas = 4 };
        string text = (command with { Setup = command.Setup with { Role = null, Tensor = 1 } }).Text(form);
        Assert.Contains(right, text, StringComparison.Ordinal);
        Assert.NotEqual("", Schemas.Wrong(text.Replace(right, wrong, StringComparison.Ordinal)));
    }

    /// <summary>Servers that only read prompts come out in the forms that have a router for them, and are read back with how many
    /// there are; other forms say that they have none.</summary>
    [Fact]
    public void TwoSidesAreValidAndReadBack()
    {
        var random = new Random(7);
        LaunchForm[] routed = [LaunchForm.KServe, LaunchForm.LlmD, LaunchForm.Dynamo];
        for (int round = 0; round < 30; round++)
        {
            LaunchCommand command = DrawnServers.TwoSides(random);
            foreach (LaunchForm form in routed)
            {
                string text = command.Text(form);
                Assert.Equal("", Schemas.Wrong(text));
                IReadOnlyList<ManifestServer> read = ManifestFile.Read("a.yaml", text);
                Assert.Equal([("decode", command.Setup.Tensor, (int)command.Replicas),
                    ("prefill", command.Prefill!.Setup.Tensor, (int)command.Prefill.Replicas)],
                    read.Select(side => (side.Setup.Role!, side.Setup.Tensor, side.Count)));
                Assert.All(read, side => Assert.Equal(command.Setup with { Role = side.Setup.Role, Tensor = side.Setup.Tensor,
                    Host = side.Setup.Host, Port = side.Setup.Port }, side.Setup));
            }

            Assert.All(Enum.GetValues<LaunchForm>().Except(routed), form => Assert.Contains("llm-d, kserve and dynamo do",
                Assert.Throws<EstimateException>(() => command.Text(form)).Message));
        }
    }

    /// <summary>No form runs the model's own code, names a secret's value, or takes an image without a version.</summary>
    [Fact]
    public void FormsAreSafeByThemselves()
    {
        var random = new Random(8);
        for (int round = 0; round < 20; round++)
        {
            LaunchCommand command = DrawnServers.TwoSides(random);
            LaunchForm[] forms = [LaunchForm.KServe, LaunchForm.LlmD, LaunchForm.Dynamo];
            foreach (string text in s_forms.Select(form => (forms.Contains(form) ? command
                : command with { Prefill = null, Setup = command.Setup with { Role = null, Tensor = 1 } }).Text(form)))
            {
                Assert.DoesNotContain("trust", text, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("latest", text, StringComparison.Ordinal);
                string[] lines = text.Split('\n');
                Assert.All(lines.Where(line => line.TrimStart(' ', '-').StartsWith("image: ", StringComparison.Ordinal)),
                    line => Assert.Matches(@":v?\d+\.\d+", line));
                Assert.All(lines.Where(line => line.Contains("HF_TOKEN", StringComparison.Ordinal)),
                    line => Assert.Matches("""^ *(- name: HF_TOKEN|environment: \["HF_TOKEN"\])$""", line));
            }
        }
    }

    /// <summary>Over two machines vLLM's leader and followers are told each other; requests go to the leader alone.</summary>
    [Fact]
    public void AGroupOfMachinesOfVllmIsToldItsRanks()
    {
        LaunchCommand command = DrawnServers.TwoSides(new(9)) with { Prefill = null };
        command = command with { Setup = command.Setup with { Role = null, Tensor = 8, Pipeline = 2 } };
        string text = command.Text(LaunchForm.LeaderWorkerSet);
        Assert.Equal("", Schemas.Wrong(text));
        const string Joined = "\"--nnodes\", \"$(LWS_GROUP_SIZE)\", \"--node-rank\", \"$(LWS_WORKER_INDEX)\", \"--master-addr\", "
            + "\"$(LWS_LEADER_ADDRESS)\"";
        Assert.Equal(2, text.Split(Joined).Length - 1);
        Assert.Single(text.Split('\n'), line => line.Contains(Joined + ", \"--headless\"]", StringComparison.Ordinal));
        Assert.Equal(1, text.Split("startupProbe").Length - 1);
        Assert.Single(ManifestFile.Read("a.yaml", text));
        string ray = command.Text(LaunchForm.RayService);
        Assert.Equal("", Schemas.Wrong(ray));
        Assert.Contains($"replicas: {2 * command.Replicas}", ray, StringComparison.Ordinal);
        Assert.Contains("nvidia.com/gpu: \"8\"", ray, StringComparison.Ordinal);
    }

    /// <summary>A check of a printed manifest gives the figures of what it was printed for, of one side and of two.</summary>
    [Theory]
    [InlineData("kubernetes", false)]
    [InlineData("kserve", false)]
    [InlineData("rayservice", false)]
    [InlineData("dynamo", false)]
    [InlineData("llm-d", true)]
    [InlineData("dynamo", true)]
    [InlineData("kserve", true)]
    public void ACheckOfAPrintedManifestGivesItsOwnFigures(string form, bool isTwoSided)
    {
        using var folder = new Folder();
        string[] asked = ["speed", "llama-3.1-8b", "--gpu", "h100-sxm-80gb", "--engine", "vllm", "--weights", "bf16",
            "--prompt", "2000", "--output", "300", "--batch", "32", "--arrival", "steady", "--tp", "1",
            .. isTwoSided ? (string[])["--prefill-gpus", "3", "--decode-gpus", "2"] : []];
        Command printed = Command.Run([.. asked, "--launch", form]);
        Assert.Equal("", printed.Error);
        string file = folder.Write("a.yaml", printed.Output);
        JsonElement check = Command.Run("check", file, "--gpu", "h100-sxm-80gb", "--prompt", "2000", "--output", "300",
            "--model", "llama-3.1-8b", "--weights", "bf16", "--json").Json;
        JsonElement speed = Command.Run([.. asked, "--json"]).Json;
        Assert.Equal(32, check.GetProperty("speed").GetProperty("requests").GetInt32());
        foreach (string figure in (string[])["timeToFirstTokenMs", "interTokenLatencyMs", "outputTokensPerSecond"])
        {
            Assert.Equal(speed.GetProperty(figure).GetProperty("expected").GetDouble(),
                check.GetProperty("speed").GetProperty(figure).GetDouble(), 6);
        }
    }

    [Theory]
    [InlineData("services:\n  a:\n    image: b", "a.yaml: no container with a command, and no llm_configs of Ray Serve, was")]
    [InlineData("services:\n  a:\n    command: nginx -g x", "what it starts is no engine that is known: nginx -g x")]
    [InlineData("apiVersion: v1\ncommand: [", "a.yaml: line 3: it is no YAML that can be read")]
    [InlineData("apiVersion: v1\nspec:\n  replicas: many", "replicas: a whole number up to 10,000 is right; it is \"many\"")]
    [InlineData("apiVersion: v1\ncommand: [{a: b}]", "a.yaml: a command is a list of words, or one line")]
    [InlineData("applications:\n- engine_kwargs: {a: [1]}\n  model_loading_config: {model_id: m}",
        "engine_kwargs: a: one value is read")]
    [InlineData("apiVersion: v1\ncommand: [vllm, serve, m, --max-modl-len, 5]", "nearest: --max-model-len")]
    public void WhatIsWrongIsNamed(string text, string error) => Assert.Contains(error,
        Assert.ThrowsAny<Exception>(() => ManifestFile.Read("a.yaml", text)).Message, StringComparison.Ordinal);

    [Fact]
    public void ManifestsOfOthersAreRead()
    {
        ServerSetup read = ManifestFile.Read("a.yaml", """
            apiVersion: apps/v1
            spec:
              replicas: 3
              containers:
                - name: proxy
                  command: [nginx]
                - name: x
                  command: &start
                    - vllm
                    - serve
                    - 'it''s/a model'
                  args: ["--max-model-len", "4096", "--port", 8001]
            """)[0].Setup;
        Assert.Equal(("it's/a model", 4096L, 8001), (read.Model, read.Context!.Value, read.Port!.Value));
        Assert.Equal(4, ManifestFile.Read("a.yaml", "services:\n  a:\n    command: vllm serve m -tp 4\n")[0].Setup.Tensor);
        const string Folded = "services:\n  a:\n    command: >\n      vllm serve m\n      -tp 2\n";
        Assert.Equal(2, ManifestFile.Read("a.yaml", Folded)[0].Setup.Tensor);
        // As KServe's own samples tell vLLM.
        ManifestServer served = ManifestFile.Read("a.yaml", """
            apiVersion: serving.kserve.io/v1alpha2
            spec:
              model: {uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: q}
              template:
                containers:
                  - name: main
                    env:
                      - name: VLLM_ADDITIONAL_ARGS
                        value: "--tensor-parallel-size=2 --kv_transfer_config '{\"kv_role\":\"kv_consumer\"}'"
            """)[0];
        Assert.Equal(("Qwen/Qwen2.5-7B-Instruct", 2, "decode"),
            (served.Setup.Model, served.Setup.Tensor!.Value, served.Setup.Role));
    }

    /// <summary>A manifest with signs changed at random is read, or refused by name.</summary>
    [Fact]
    public void AMutatedManifestIsReadOrRefused()
    {
        var random = new Random(10);
        LaunchCommand command = DrawnServers.TwoSides(random);
        string[] texts = [command.Text(LaunchForm.KServe), command.Text(LaunchForm.LlmD), command.Text(LaunchForm.Dynamo),
            (command with { Prefill = null, Setup = command.Setup with { Role = null } }).Text(LaunchForm.RayService)];
        for (int round = 0; round < 800; round++)
        {
            char[] text = texts[round % texts.Length].ToCharArray();
            text[random.Next(text.Length)] = (char)random.Next(9, 127);
            try
            {
                Assert.NotEmpty(ManifestFile.Read("a.yaml", new(text)));
            }
            catch (Exception error) when (error is CliException or EstimateException)
            {
                Assert.NotEmpty(error.Message);
            }
        }
    }

    [Fact]
    public void AnchorsThatRepeatWithoutEndAreRefused()
    {
        string bomb = "apiVersion: v1\na0: &a0 [x]\n" + string.Concat(Enumerable.Range(1, 40).Select(at =>
            $"a{at}: &a{at} [{string.Join(", ", Enumerable.Repeat($"*a{at - 1}", 10))}]\n"));
        Assert.Contains("anchors repeat more than is read",
            Assert.Throws<CliException>(() => ManifestFile.Read("a.yaml", bomb)).Message, StringComparison.Ordinal);
    }

    // What forms cannot say: other engines, several machines, names and revisions that a form has no place for.
    private static bool IsRefused(LaunchCommand command, LaunchForm form)
    {
        ServerSetup setup = command.Setup;
        bool isVllm = setup.Engine == "vllm", isLarge = setup.Gpus > command.MachineGpus;
        return setup.Engine == "llama.cpp" || form switch
        {
            LaunchForm.Compose => command.Replicas * setup.Gpus > 16,
            LaunchForm.Kubernetes => isLarge,
            LaunchForm.LeaderWorkerSet => isLarge && setup.Engine == "tensorrt-llm",
            LaunchForm.LlmD => !isVllm || isLarge,
            LaunchForm.KServe => !isVllm || isLarge || setup.Model != "org/a.b-c_d" || setup.Revision is not null,
            LaunchForm.RayServe or LaunchForm.RayService => !isVllm || setup.Revision is not null,
            _ => isLarge || setup.Engine == "tensorrt-llm",
        };
    }

    // A container listens on every address; where the form brings the server along, it says the address.
    private static ServerSetup Inside(ServerSetup setup, LaunchForm form) =>
        form is LaunchForm.KServe or LaunchForm.RayServe or LaunchForm.RayService or LaunchForm.Dynamo
            ? setup with { Host = null, Port = null } : setup with { Host = "0.0.0.0" };
}
