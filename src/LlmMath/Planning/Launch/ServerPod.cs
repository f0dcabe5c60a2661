using System.Text.Json.Nodes;

namespace LlmMath.Planning.Launch;

/// <summary>A container that runs a server, and the pod around it: what all forms of Kubernetes share. The token for the hub
/// stands by reference.</summary>
/// <param name="Command">What runs in it.</param>
/// <param name="Image">The image.</param>
internal sealed record ServerPod(LaunchCommand Command, string Image)
{
    // Seconds between two probes.
    private const int ProbeSeconds = 10;

    /// <summary>The container's name.</summary>
    public string Name { get; init; } = "llm";

    /// <summary>GPUs of the pod.</summary>
    public int Gpus { get; init; }

    /// <summary>The words that replace the image's own command; null for none.</summary>
    public JsonArray? Words { get; init; }

    /// <summary>The words behind the command; null for none.</summary>
    public JsonArray? Arguments { get; init; }

    /// <summary>The port that requests come to and probes ask; null where none do.</summary>
    public int? Port { get; init; }

    /// <summary>Variables beside the token.</summary>
    public IEnumerable<JsonNode> Variables { get; init; } = [];

    /// <summary>The name of the volume of shared memory; null where the form brings one.</summary>
    public string? SharedMemory { get; init; } = "shm";

    /// <summary>The variable with the token for the hub.</summary>
    public static JsonNode Token() => new JsonObject
    {
        ["name"] = "HF_TOKEN",
        ["valueFrom"] = new JsonObject
        {
            ["secretKeyRef"] = new JsonObject { ["name"] = "hf-token", ["key"] = "token", ["optional"] = true },
        },
    };

    /// <summary>The pod's address in a variable: where the side that writes fetches the cache.</summary>
    public static JsonNode OwnAddress(string name) => new JsonObject
    {
        ["name"] = name,
        ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = "status.podIP" } },
    };

    private JsonObject Container()
    {
        var container = new JsonObject { ["name"] = Name, ["image"] = Image };
        if (Words is not null)
        {
            container["command"] = Words;
        }

        if (Arguments is not null)
        {
            container["args"] = Arguments;
        }

        container["env"] = new JsonArray([Token(), .. Variables]);
        container["resources"] = new JsonObject { ["limits"] = new JsonObject { [Resource()] = ContainerParts.N(Gpus) } };
        if (Port is { } port)
        {
            container["ports"] = new JsonArray(new JsonObject { ["containerPort"] = port });
            JsonObject start = Patience(Command);
            start["httpGet"] = Asked(port);
            container["startupProbe"] = start;
            container["readinessProbe"] = new JsonObject { ["periodSeconds"] = ProbeSeconds, ["httpGet"] = Asked(port) };
        }

        if (SharedMemory is not null)
        {
            container["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = SharedMemory, ["mountPath"] = "/dev/shm" });
        }

        return container;
    }

    /// <summary>How long a probe waits for the first answer.</summary>
    public static JsonObject Patience(LaunchCommand command) => new()
    {
        ["periodSeconds"] = ProbeSeconds, ["failureThreshold"] = ContainerParts.LoadSeconds(command) / ProbeSeconds,
    };

    /// <summary>The pod.</summary>
    /// <exception cref="EstimateException">Kubernetes cannot be told of its GPUs.</exception>
    public JsonObject Spec()
    {
        var spec = new JsonObject { ["containers"] = new JsonArray(Container()) };
        if (SharedMemory is not null)
        {
            spec["volumes"] = new JsonArray(new JsonObject
            {
                ["name"] = SharedMemory, ["emptyDir"] = new JsonObject { ["medium"] = "Memory" },
            });
        }

        return spec;
    }

    private static JsonObject Asked(int port) => new() { ["path"] = "/health", ["port"] = port };

    private string Resource() => Command.Gpu.Vendor switch
    {
        "NVIDIA" => "nvidia.com/gpu",
        "AMD" => "amd.com/gpu",
        { } vendor => throw new EstimateException("form", $"how Kubernetes hands out GPUs of {vendor} was not read."),
    };
}
