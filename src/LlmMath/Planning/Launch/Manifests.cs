using System.Globalization;
using System.Text;
using System.Text.Json;
using LlmMath.Basics;

namespace LlmMath.Planning.Launch;

/// <summary>A start command in files for containers. Images are pinned, secrets stand by reference, and nothing but the machine
/// itself reaches it unless somebody opens it.</summary>
internal static class Manifests
{
    // What a slow disk or network reads: a probe gives up only then. A choice.
    private const double LoadBytesPerSecond = 100e6;
    private const int LeastLoadSeconds = 300, ProbeSeconds = 10, MostGpus = 16;

    /// <summary>A file for docker compose: one replica a service.</summary>
    public static string Compose(LaunchCommand command)
    {
        (string image, string list) = (Quoted(Image(command)), List(command));
        if (command.Replicas < 1 || command.Setup.Gpus < 1 || command.Replicas > MostGpus / command.Setup.Gpus)
        {
            throw new EstimateException("form", "docker compose starts on one machine: "
                + $"1 to {MostGpus} GPUs are right; the plan has "
                + $"{NumberText.N(command.Replicas)} × {NumberText.N(command.Setup.Gpus)}.");
        }

        var text = new StringBuilder("services:\n");
        int port = command.Setup.Port ?? 8000;
        for (long replica = 0; replica < command.Replicas; replica++)
        {
            long first = replica * command.Setup.Gpus;
            string gpus = string.Join(", ", Enumerable.Range(0, command.Setup.Gpus)
                .Select(gpu => Quoted((first + gpu).ToString(CultureInfo.InvariantCulture))));
            text.Append(CultureInfo.InvariantCulture, $"""
                  llm-{replica + 1}:
                    image: {image}
                    entrypoint: {list}
                    command: []
                    environment: ["HF_TOKEN"]
                    ports: ["127.0.0.1:{port + replica}:{port}"]
                    shm_size: "16gb"
                    volumes: ["models:/root/.cache/huggingface"]
                    healthcheck:
                      test: ["CMD", "curl", "-f", "http://127.0.0.1:{port}/health"]
                      start_period: "{LoadSeconds(command)}s"
                    deploy:
                      resources:
                        reservations:
                          devices:
                            - driver: "nvidia"
                              device_ids: [{gpus}]
                              capabilities: ["gpu"]

                """);
        }

        return text.Append("volumes:\n  models: {}\n").ToString();
    }

    /// <summary>A Kubernetes Deployment.</summary>
    public static string Kubernetes(LaunchCommand command)
    {
        int port = command.Setup.Port ?? 8000;
        string resource = command.Gpu.Vendor switch
        {
            "NVIDIA" => "nvidia.com/gpu",
            "AMD" => "amd.com/gpu",
            { } vendor => throw new EstimateException("form", $"how Kubernetes hands out GPUs of {vendor} was not read."),
        };
        return string.Create(CultureInfo.InvariantCulture, $$"""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: llm
            spec:
              replicas: {{command.Replicas}}
              selector:
                matchLabels: {"app": "llm"}
              template:
                metadata:
                  labels: {"app": "llm"}
                spec:
                  containers:
                    - name: llm
                      image: {{Quoted(Image(command))}}
                      command: {{List(command)}}
                      env:
                        - name: HF_TOKEN
                          valueFrom:
                            secretKeyRef: {"name": "hf-token", "key": "token", "optional": true}
                      ports:
                        - containerPort: {{port}}
                      resources:
                        limits: {"{{resource}}": "{{command.Setup.Gpus}}"}
                      startupProbe:
                        httpGet: {"path": "/health", "port": {{port}}}
                        periodSeconds: {{ProbeSeconds}}
                        failureThreshold: {{LoadSeconds(command) / ProbeSeconds}}
                      readinessProbe:
                        httpGet: {"path": "/health", "port": {{port}}}
                        periodSeconds: {{ProbeSeconds}}
                      volumeMounts:
                        - name: shm
                          mountPath: /dev/shm
                  volumes:
                    - name: shm
                      emptyDir: {"medium": "Memory"}

            """);
    }

    private static string Image(LaunchCommand command)
    {
        LaunchFlags flags = LaunchFlags.Of(command.Setup.Engine);
        return flags.Image is { } image && command.Version == flags.Versions[0] ? image
            : throw new EstimateException("form",
                $"no image of {command.Setup.Engine} {command.Version} is known: give a shell's command.");
    }

    // Inside a container every address, of which the file opens what it opens. Both replace $NAME and write $ as $$.
    private static string List(LaunchCommand command) => "[" + string.Join(", ", (command with
    {
        Setup = command.Setup with { Host = "0.0.0.0" },
    }).Words.Select(word => Quoted(word.Replace("$", "$$", StringComparison.Ordinal)))) + "]";

    // A JSON string is a double-quoted scalar of YAML.
    private static string Quoted(string text) => "\"" + JsonEncodedText.Encode(text) + "\"";

    private static int LoadSeconds(LaunchCommand command) =>
        (int)Math.Min(86_400, Math.Max(LeastLoadSeconds, command.Weights.Bytes / LoadBytesPerSecond));
}
