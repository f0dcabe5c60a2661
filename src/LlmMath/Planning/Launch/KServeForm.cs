using System.Text.Json.Nodes;
using static LlmMath.Planning.Launch.ContainerParts;

namespace LlmMath.Planning.Launch;

/// <summary>A start command as KServe's LLMInferenceService. KServe's template runs <c>vllm serve</c> itself, with the model's
/// name, address and port, and puts the container's arguments behind it as a shell reads them; the pod merges with the template's
/// by the names of containers and volumes. Source: kserve/kserve@aaac4e29, config/llmisvcconfig/config-llm-template.yaml,
/// config-llm-decode-template.yaml, config-llm-prefill-template.yaml, pkg/apis/serving/v1alpha2/llm_inference_service_types.go,
/// docs/samples/llmisvc/single-node-gpu.</summary>
internal static class KServeForm
{
    /// <summary>The manifest.</summary>
    /// <exception cref="EstimateException">The engine is another one, or KServe cannot be told something.</exception>
    public static string Of(LaunchCommand command)
    {
        ServerSetup setup = command.Setup;
        if (setup.Engine != "vllm" || !IsRepository(setup.Model) || setup.Revision is not null)
        {
            throw new EstimateException("form", setup.Engine != "vllm"
                ? $"an LLMInferenceService runs vLLM; the plan's engine is {setup.Engine}."
                : "an LLMInferenceService is told a repository ORG/NAME of the hub, without a revision; it is "
                    + $"{Basics.NumberText.Quoted(setup.Model)}.");
        }

        var spec = new JsonObject { ["model"] = new JsonObject { ["uri"] = "hf://" + setup.Model, ["name"] = setup.Model } };
        Add(spec, command);
        spec["router"] = new JsonObject { ["route"] = new JsonObject(), ["gateway"] = new JsonObject() };
        if (command.Prefill is { } reads)
        {
            spec["router"]!["scheduler"] = new JsonObject();
            var side = new JsonObject();
            Add(side, reads);
            spec["prefill"] = side;
        }

        return YamlText.Of(Manifest("serving.kserve.io/v1alpha2", "LLMInferenceService", spec));
    }

    private static void Add(JsonObject workload, LaunchCommand command)
    {
        // The template says the address and the port, as its own probes need them.
        ServerSetup setup = command.Setup with { Host = null, Port = null };
        var pod = new ServerPod(command, Image(command).Image)
        {
            Name = "main",
            Gpus = OfOneMachine(command),
            Arguments = List(LaunchWords.Flags(setup, LaunchFlags.Of(setup.Engine), command.Version).Select(ShellText.Quote)),
            SharedMemory = "dshm",
            Variables = setup.Role is null ? [] : [ServerPod.OwnAddress("VLLM_NIXL_SIDE_CHANNEL_HOST")],
        };
        JsonObject spec = pod.Spec();
        JsonObject main = spec["containers"]![0]!.AsObject();
        // vLLM's image runs as root; the template asks for another user.
        main["securityContext"] = new JsonObject { ["runAsNonRoot"] = false };
        main["startupProbe"] = ServerPod.Patience(command);
        spec["volumes"]![0]!["emptyDir"]!["sizeLimit"] = "16Gi";
        spec["initContainers"] = new JsonArray(new JsonObject
        {
            ["name"] = "storage-initializer", ["env"] = new JsonArray(ServerPod.Token()),
        });
        (workload["replicas"], workload["template"]) = (command.Replicas, spec);
    }

    private static bool IsRepository(string model) => model.Split('/') is { Length: 2 } parts
        && parts.All(part => part.Length > 0 && part.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '-' or '_' or '.'));
}
