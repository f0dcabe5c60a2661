using System.Globalization;
using System.Text.Json.Nodes;
using LlmMath.Basics;

namespace LlmMath.Planning.Launch;

/// <summary>What forms for containers share. Images are pinned, and nothing but the machine itself reaches a server unless
/// somebody opens it.</summary>
internal static class ContainerParts
{
    // What a slow disk or network reads: a probe gives up only then. A choice.
    private const double LoadBytesPerSecond = 100e6;
    private const int LeastLoadSeconds = 300;

    // More than any cluster has machines.
    private const int MostReplicas = 10_000;

    /// <summary>The port that the engine listens on.</summary>
    public static int Port(LaunchCommand command) => command.Setup.Port ?? 8000;

    /// <summary>The image of a form: of the command's version, or of the one that the form brings along.</summary>
    /// <param name="command">The command.</param>
    /// <param name="form">The form, where it has images of its own.</param>
    /// <exception cref="EstimateException">None is known.</exception>
    public static LaunchImage Image(LaunchCommand command, string form = "") => LaunchFlags.Of(command.Setup.Engine).Images
        .FirstOrDefault(image => image.Form == form && (form.Length > 0 || image.Version == command.Version))
        ?? throw new EstimateException("form", form.Length > 0
            ? $"no image for it was read in which {command.Setup.Engine} is of a version whose flags were read."
            : $"no image of {command.Setup.Engine} {command.Version} is known: give a shell's command.");

    /// <summary>The words of the command inside a container: it listens on every address, of which the form opens what it
    /// opens.</summary>
    public static ValueList<string> Words(LaunchCommand command) =>
        (command with { Setup = command.Setup with { Host = "0.0.0.0" } }).Words;

    /// <summary>Words as a list. Both docker compose and Kubernetes replace $NAME and write $ as $$; what Kubernetes is to put
    /// in stands as $(NAME) in words that are added behind it.</summary>
    public static JsonArray List(IEnumerable<string> words, params string[] added) => new([
        .. words.Select(word => (JsonNode)word.Replace("$", "$$", StringComparison.Ordinal)),
        .. added.Select(word => (JsonNode)word)]);

    /// <summary>Seconds for which a probe waits while weights are loaded.</summary>
    public static int LoadSeconds(LaunchCommand command) =>
        (int)Math.Min(86_400, Math.Max(LeastLoadSeconds, command.Weights.Bytes / LoadBytesPerSecond));

    /// <summary>Machines of a replica, and GPUs of each.</summary>
    /// <exception cref="EstimateException">Machines do not hold it without a rest.</exception>
    public static (int Machines, int Each) Machines(LaunchCommand command)
    {
        int gpus = command.Setup.Gpus, each = Math.Min(gpus, command.MachineGpus);
        if (command.Replicas is < 1 or > MostReplicas)
        {
            throw new EstimateException(nameof(command.Replicas), $"1 to {NumberText.N(MostReplicas)} are right; they are "
                + $"{NumberText.N(command.Replicas)}.");
        }

        if (each < 1)
        {
            throw new EstimateException(nameof(command.MachineGpus), "1 GPU or more is right, of the setup and of machines; "
                + $"they are {NumberText.N(gpus)} and {NumberText.N(command.MachineGpus)}.");
        }

        return gpus % each == 0 ? (gpus / each, each) : throw new EstimateException("form",
            $"machines of {NumberText.N(each)} GPUs do not hold {NumberText.N(gpus)} without a rest.");
    }

    /// <summary>GPUs of a replica, whose pod stands on one machine.</summary>
    /// <exception cref="EstimateException">One machine does not hold it.</exception>
    public static int OfOneMachine(LaunchCommand command) => Machines(command) is { Machines: 1, Each: var gpus } ? gpus
        : throw new EstimateException("form", $"its pods stand on one machine of {NumberText.N(command.MachineGpus)} GPUs each; "
            + $"the plan's replica has {NumberText.N(command.Setup.Gpus)}: leaderworkerset and rayservice lay one over several.");

    /// <summary>Refuses servers that only read prompts, in a form that sends no request from one side to the other.</summary>
    /// <exception cref="EstimateException">There are some.</exception>
    public static LaunchCommand OneSide(LaunchCommand command) => command.Prefill is null ? command
        : throw new EstimateException("form", "it brings no router that has prompts read on GPUs of their own; "
            + "llm-d, kserve and dynamo do.");

    /// <summary>A number as text.</summary>
    public static string N(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The head of a manifest.</summary>
    public static JsonObject Manifest(string version, string kind, JsonObject spec, string name = "llm") => new()
    {
        ["apiVersion"] = version, ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec,
    };
}
