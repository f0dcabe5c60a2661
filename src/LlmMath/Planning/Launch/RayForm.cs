using System.Globalization;
using System.Text.Json.Nodes;
using static LlmMath.Planning.Launch.ContainerParts;

namespace LlmMath.Planning.Launch;

/// <summary>A start command as a configuration of Ray Serve, and as KubeRay's RayService around it, whose workers are machines
/// or parts of them: Ray lays a replica over as many as it needs. vLLM's arguments are passed on as they are called in Python.
/// Source: ray-project/ray@07b40725, doc/source/serve/llm/user-guides/configuration.md and @1f56b0e6, cross-node-parallelism.md;
/// ray-project/kuberay@feeaf72f, ray-operator/config/samples/ray-service.deepseek.yaml, ray-service.high-throughput-llm.yaml and
/// ray-operator/config/crd/bases/ray.io_rayservices.yaml.</summary>
internal static class RayForm
{
    /// <summary>The configuration, for <c>serve run</c>.</summary>
    /// <exception cref="EstimateException">The engine is another one, or cannot be told something.</exception>
    public static string OfServe(LaunchCommand command)
    {
        string version = Image(OneSide(command), "ray").Version;
        ServerSetup setup = command.Setup with { Host = null, Port = null, ServedName = null };
        LaunchFlags flags = LaunchFlags.Of(setup.Engine);
        string[] words = LaunchWords.Flags(setup, flags, version);
        var arguments = new JsonObject();
        for (int at = 0; at < words.Length; at++)
        {
            string name = words[at].TrimStart('-').Replace('-', '_');
            arguments[name] = flags.Spelled(words[at])!.TakesValue ? Value(words[++at]) : true;
        }

        return YamlText.Of(new JsonObject
        {
            ["applications"] = new JsonArray(new JsonObject
            {
                ["name"] = "llm",
                ["route_prefix"] = "/",
                ["import_path"] = "ray.serve.llm:build_openai_app",
                ["args"] = new JsonObject
                {
                    ["llm_configs"] = new JsonArray(new JsonObject
                    {
                        ["model_loading_config"] = new JsonObject
                        {
                            ["model_id"] = command.Setup.ServedName ?? setup.Model, ["model_source"] = setup.Model,
                        },
                        ["engine_kwargs"] = arguments,
                        ["deployment_config"] = new JsonObject { ["num_replicas"] = command.Replicas },
                    }),
                },
            }),
        });
    }

    /// <summary>The manifest of a RayService.</summary>
    /// <exception cref="EstimateException">The engine is another one, or cannot be told something.</exception>
    public static string OfService(LaunchCommand command)
    {
        (int machines, int each) = Machines(command);
        string image = Image(command, "ray").Image;
        return YamlText.Of(Manifest("ray.io/v1", "RayService", new()
        {
            ["serveConfigV2"] = OfServe(command),
            ["rayClusterConfig"] = new JsonObject
            {
                ["rayVersion"] = image.Split(':', '-') is [.., var ray, _, _] ? ray : "",
                ["headGroupSpec"] = new JsonObject
                {
                    ["rayStartParams"] = new JsonObject { ["num-cpus"] = "0", ["num-gpus"] = "0" },
                    ["template"] = new JsonObject
                    {
                        ["spec"] = new JsonObject
                        {
                            ["containers"] = new JsonArray(new JsonObject
                            {
                                ["name"] = "ray-head",
                                ["image"] = image,
                                ["env"] = new JsonArray(ServerPod.Token()),
                                ["resources"] = new JsonObject
                                {
                                    ["limits"] = new JsonObject { ["cpu"] = "2", ["memory"] = "8Gi" },
                                },
                            }),
                        },
                    },
                },
                ["workerGroupSpecs"] = new JsonArray(new JsonObject
                {
                    ["groupName"] = "gpus",
                    ["replicas"] = command.Replicas * machines,
                    ["minReplicas"] = command.Replicas * machines,
                    ["maxReplicas"] = command.Replicas * machines,
                    ["rayStartParams"] = new JsonObject(),
                    ["template"] = new JsonObject
                    {
                        ["spec"] = new ServerPod(command, image) { Name = "ray-worker", Gpus = each }.Spec(),
                    },
                }),
            },
        }));
    }

    private static JsonNode Value(string word) =>
        long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long whole) ? whole
            : double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) ? number
            : word;
}
