using System.Globalization;
using System.Text.Json;

namespace LlmMath.Planning.Launch;

/// <summary>What forms for containers share. Images are pinned, secrets stand by reference, and nothing but the machine itself
/// reaches a server unless somebody opens it.</summary>
internal static class ContainerParts
{
    /// <summary>Seconds between two probes.</summary>
    public const int ProbeSeconds = 10;

    // What a slow disk or network reads: a probe gives up only then. A choice.
    private const double LoadBytesPerSecond = 100e6;
    private const int LeastLoadSeconds = 300;

    /// <summary>The port that the engine listens on.</summary>
    public static int Port(LaunchCommand command) => command.Setup.Port ?? 8000;

    /// <summary>The pod of one machine of a replica, as lines that begin at a column.</summary>
    /// <param name="command">The command.</param>
    /// <param name="list">Its words as a list.</param>
    /// <param name="gpus">GPUs of the machine.</param>
    /// <param name="serves">Whether requests go there, so that probes ask it.</param>
    /// <param name="column">Spaces before each line.</param>
    public static string Pod(LaunchCommand command, string list, int gpus, bool serves, int column)
    {
        int port = Port(command);
        string resource = command.Gpu.Vendor switch
        {
            "NVIDIA" => "nvidia.com/gpu",
            "AMD" => "amd.com/gpu",
            { } vendor => throw new EstimateException("form", $"how Kubernetes hands out GPUs of {vendor} was not read."),
        };
        string[] probes = !serves ? [] :
        [
            "ports:",
            $"  - containerPort: {N(port)}",
            "startupProbe:",
            $"  httpGet: {{\"path\": \"/health\", \"port\": {N(port)}}}",
            $"  periodSeconds: {N(ProbeSeconds)}",
            $"  failureThreshold: {N(LoadSeconds(command) / ProbeSeconds)}",
            "readinessProbe:",
            $"  httpGet: {{\"path\": \"/health\", \"port\": {N(port)}}}",
            $"  periodSeconds: {N(ProbeSeconds)}",
        ];
        string[] pod =
        [
            "spec:",
            "  containers:",
            "    - name: llm",
            $"      image: {Quoted(Image(command))}",
            $"      command: {list}",
            "      env:",
            "        - name: HF_TOKEN",
            "          valueFrom:",
            "            secretKeyRef: {\"name\": \"hf-token\", \"key\": \"token\", \"optional\": true}",
            "      resources:",
            $"        limits: {{\"{resource}\": \"{N(gpus)}\"}}",
            .. probes.Select(line => "      " + line),
            "      volumeMounts:",
            "        - name: shm",
            "          mountPath: /dev/shm",
            "  volumes:",
            "    - name: shm",
            "      emptyDir: {\"medium\": \"Memory\"}",
        ];
        return string.Concat(pod.Select(line => new string(' ', column) + line + "\n"));
    }

    private static string N(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The image of the version, with its tag.</summary>
    /// <exception cref="EstimateException">None is known.</exception>
    public static string Image(LaunchCommand command)
    {
        LaunchFlags flags = LaunchFlags.Of(command.Setup.Engine);
        return flags.Image is { } image && command.Version == flags.Versions[0] ? image
            : throw new EstimateException("form",
                $"no image of {command.Setup.Engine} {command.Version} is known: give a shell's command.");
    }

    /// <summary>The words as a list: inside a container every address, of which the file opens what it opens. Both docker compose
    /// and Kubernetes replace $NAME and write $ as $$.</summary>
    public static string List(LaunchCommand command) => "[" + string.Join(", ", (command with
    {
        Setup = command.Setup with { Host = "0.0.0.0" },
    }).Words.Select(word => Quoted(word.Replace("$", "$$", StringComparison.Ordinal)))) + "]";

    /// <summary>A text in quotes: a JSON string is a double-quoted scalar of YAML.</summary>
    public static string Quoted(string text) => "\"" + JsonEncodedText.Encode(text) + "\"";

    /// <summary>Seconds for which a probe waits while weights are loaded.</summary>
    public static int LoadSeconds(LaunchCommand command) =>
        (int)Math.Min(86_400, Math.Max(LeastLoadSeconds, command.Weights.Bytes / LoadBytesPerSecond));
}
