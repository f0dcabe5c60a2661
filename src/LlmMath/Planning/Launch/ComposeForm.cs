using System.Text.Json.Nodes;
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
        if (OneSide(command).Replicas < 1 || command.Setup.Gpus < 1 || command.Replicas > MostGpus / command.Setup.Gpus)
        {
            throw new EstimateException("form", "docker compose starts on one machine: "
                + $"1 to {MostGpus} GPUs are right; the plan has "
                + $"{NumberText.N(command.Replicas)} × {NumberText.N(command.Setup.Gpus)}.");
        }

        var services = new JsonObject();
        for (int replica = 0; replica < command.Replicas; replica++)
        {
            services[$"llm-{N(replica + 1)}"] = Service(command, replica);
        }

        return YamlText.Of(new JsonObject
        {
            ["services"] = services, ["volumes"] = new JsonObject { ["models"] = new JsonObject() },
        });
    }

    private static JsonObject Service(LaunchCommand command, int replica)
    {
        int port = Port(command), gpus = command.Setup.Gpus;
        return new()
        {
            ["image"] = Image(command).Image,
            ["entrypoint"] = List(Words(command)),
            ["command"] = new JsonArray(),
            ["environment"] = new JsonArray("HF_TOKEN"),
            ["ports"] = new JsonArray($"127.0.0.1:{N(port + replica)}:{N(port)}"),
            ["shm_size"] = "16gb",
            ["volumes"] = new JsonArray("models:/root/.cache/huggingface"),
            ["healthcheck"] = new JsonObject
            {
                ["test"] = new JsonArray("CMD", "curl", "-f", $"http://127.0.0.1:{N(port)}/health"),
                ["start_period"] = $"{N(LoadSeconds(command))}s",
            },
            ["deploy"] = new JsonObject
            {
                ["resources"] = new JsonObject
                {
                    ["reservations"] = new JsonObject
                    {
                        ["devices"] = new JsonArray(new JsonObject
                        {
                            ["driver"] = "nvidia",
                            ["device_ids"] = List(Enumerable.Range(replica * gpus, gpus).Select(gpu => N(gpu))),
                            ["capabilities"] = new JsonArray("gpu"),
                        }),
                    },
                },
            },
        };
    }
}
