using System.Globalization;
using System.Text;
using LlmMath.Basics;
using static LlmMath.Planning.Launch.ContainerParts;

namespace LlmMath.Planning.Launch;

/// <summary>A start command as a file for docker compose: one replica a service.</summary>
internal static class ComposeForm
{
    private const int MostGpus = 16;

    /// <summary>The file.</summary>
    /// <exception cref="EstimateException">One machine does not hold it, or no image is known.</exception>
    public static string Of(LaunchCommand command)
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
}
