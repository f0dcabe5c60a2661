using System.Text.Json.Nodes;
using static LlmMath.Planning.Launch.ContainerParts;

namespace LlmMath.Planning.Launch;

/// <summary>A start command as Kubernetes Deployments: one, or for llm-d one of each side. llm-d's labels, variables and the
/// proxy beside servers that write: llm-d/llm-d@55541149
/// guides/pd-disaggregation/modelserver/gpu/vllm/base/disaggregatedset.yaml and @83bb7c18
/// guides/pd-disaggregation/router/pd-disaggregation.values.yaml; the proxy's image and arguments: kserve/kserve@aaac4e29
/// config/llmisvcconfig/config-llm-decode-template.yaml.</summary>
internal static class DeploymentForm
{
    private const string Proxy = "ghcr.io/llm-d/llm-d-router-disagg-sidecar:v0.10.0";
    private const int ProxyPort = 8000, BehindProxy = 8200;

    /// <summary>The manifest.</summary>
    /// <exception cref="EstimateException">No image is known, or Kubernetes cannot be told something.</exception>
    public static string Of(LaunchCommand command) =>
        YamlText.Of(Deployment(OneSide(command), "llm", new() { ["app"] = "llm" }, Pod(command).Spec()));

    /// <summary>llm-d's model servers; its router finds them by their labels.</summary>
    /// <exception cref="EstimateException">No image is known, or it is no engine of llm-d that was read.</exception>
    public static string OfLlmD(LaunchCommand command)
    {
        if (command.Setup.Engine != "vllm")
        {
            throw new EstimateException("form", $"how llm-d runs {command.Setup.Engine} was not read; how it runs vLLM was.");
        }

        string guide = command.Prefill is null ? "optimized-baseline" : "pd-disaggregation";
        JsonObject[] sides = command.Prefill is null ? [Side(command, guide, null)]
            : [Side(command, guide, "decode"), Side(command.Prefill, guide, "prefill")];
        return "# Requests reach these servers by llm-d's router: oci://ghcr.io/llm-d/charts/llm-d-router-standalone with the\n"
            + $"# values of its guide {guide}, which finds them by the label llm-d.ai/guide.\n" + YamlText.Of(sides);
    }

    private static JsonObject Side(LaunchCommand command, string guide, string? role)
    {
        var labels = new JsonObject { ["llm-d.ai/inference-serving"] = "true", ["llm-d.ai/guide"] = guide };
        if (role is null)
        {
            return Deployment(command, "llm", labels, Pod(command).Spec());
        }

        labels["llm-d.ai/role"] = role;
        // The proxy takes the requests' port, has the prompt read, and hands the request to the server behind it.
        bool isBehind = role == "decode";
        ServerPod server = Pod(command with { Setup = command.Setup with { Port = isBehind ? BehindProxy : ProxyPort } });
        JsonObject pod = (server with { Variables = [ServerPod.OwnAddress("VLLM_NIXL_SIDE_CHANNEL_HOST")] }).Spec();
        if (isBehind)
        {
            pod["initContainers"] = new JsonArray(new JsonObject
            {
                ["name"] = "routing-proxy",
                ["image"] = Proxy,
                ["args"] = new JsonArray($"--port={N(ProxyPort)}", $"--vllm-port={N(BehindProxy)}", "--kv-connector=nixlv2",
                    "--secure-proxy=false"),
                ["ports"] = new JsonArray(new JsonObject { ["containerPort"] = ProxyPort }),
                ["restartPolicy"] = "Always",
            });
        }

        return Deployment(command, role, labels, pod);
    }

    private static ServerPod Pod(LaunchCommand command) => new(command, Image(command).Image)
    {
        Words = List(Words(command)), Gpus = OfOneMachine(command), Port = Port(command),
    };

    private static JsonObject Deployment(LaunchCommand command, string name, JsonObject labels, JsonObject pod) =>
        Manifest("apps/v1", "Deployment", new()
        {
            ["replicas"] = command.Replicas,
            ["selector"] = new JsonObject { ["matchLabels"] = labels.DeepClone() },
            ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels }, ["spec"] = pod },
        }, name);
}
