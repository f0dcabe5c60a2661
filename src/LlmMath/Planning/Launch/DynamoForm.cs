using System.Text.Json.Nodes;
using LlmMath.Basics;
using static LlmMath.Planning.Launch.ContainerParts;

namespace LlmMath.Planning.Launch;

/// <summary>A start command as NVIDIA's DynamoGraphDeployment: a frontend that takes requests, and workers that the engine runs
/// in, of one kind or of one for each side. Source: ai-dynamo/dynamo@04521f47 and @14a3b0d9,
/// examples/backends/vllm/deploy/v1beta1; @2ac51dda, examples/backends/sglang/deploy/v1beta1/disagg.yaml; @000a36a7,
/// components/src/dynamo/vllm/args.py; @006b6e10, deploy/operator/api/v1beta1/dynamocomponentdeployment_types.go.</summary>
internal static class DynamoForm
{
    private const int Bootstrap = 12345;

    /// <summary>The manifest.</summary>
    /// <exception cref="EstimateException">No image with a version that was read is known, or the engine cannot be told
    /// something.</exception>
    public static string Of(LaunchCommand command)
    {
        string image = Image(command, "dynamo").Image;
        var components = new JsonArray(
            Component("Frontend", "frontend", 1, new()
            {
                ["containers"] = new JsonArray(new JsonObject
                {
                    ["name"] = "main", ["image"] = image, ["env"] = new JsonArray(ServerPod.Token()),
                }),
            }),
            Worker(command, command.Prefill is null ? "worker" : "decode"));
        if (command.Prefill is { } reads)
        {
            components.Add((JsonNode)Worker(reads, "prefill"));
        }

        return YamlText.Of(Manifest("nvidia.com/v1beta1", "DynamoGraphDeployment", new() { ["components"] = components }));
    }

    private static JsonObject Worker(LaunchCommand command, string type)
    {
        LaunchImage image = Image(command, "dynamo");
        var pod = new ServerPod(command, image.Image)
        {
            Name = "main", Gpus = OfOneMachine(command), Words = List(Words(command.Setup, image.Version)), SharedMemory = null,
        };
        JsonObject worker = Component(type, type, command.Replicas, pod.Spec());
        worker["sharedMemorySize"] = "16Gi";
        return worker;
    }

    // Workers take no requests from outside, and so no address.
    private static ValueList<string> Words(ServerSetup setup, string version)
    {
        LaunchFlags flags = LaunchFlags.Of(setup.Engine);
        string[] role = setup.Role is null ? [] : [flags.For("role", version).Flag, setup.Role];
        string[] told = LaunchWords.Flags(setup with { Host = null, Port = null, Role = null }, flags, version);
        return setup.Engine == "vllm"
            ? ["python3", "-m", "dynamo.vllm", "--model", setup.Model, .. told, .. role,
                .. role.Length == 0 ? [] : (string[])[flags.For("disaggregation", version).Flag, LaunchWords.Transfer("kv_both")]]
            : ["python3", "-m", "dynamo.sglang", "--model-path", setup.Model, .. told,
                flags.For("tokenizer", version).Flag, .. role,
                .. role.Length == 0 ? [] : (string[])[flags.For("transfer", version).Flag, "nixl",
                    flags.For("transfer-port", version).Flag, N(Bootstrap), flags.For("host", version).Flag, "0.0.0.0"]];
    }

    private static JsonObject Component(string name, string type, long replicas, JsonObject pod) => new()
    {
        ["name"] = name, ["type"] = type, ["replicas"] = replicas, ["podTemplate"] = new JsonObject { ["spec"] = pod },
    };
}
