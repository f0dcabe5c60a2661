using System.Globalization;
using LlmMath.Basics;
using static LlmMath.Planning.Launch.ContainerParts;

namespace LlmMath.Planning.Launch;

/// <summary>A start command as a Kubernetes LeaderWorkerSet: each replica a group of pods, one a machine. Fields and variables:
/// kubernetes-sigs/lws@060ab4da, docs/examples/sglang/lws.yaml and
/// config/crd/bases/leaderworkerset.x-k8s.io_leaderworkersets.yaml. Over several machines SGLang alone is told: what vLLM's
/// followers need was not read in the version of its image, and TensorRT-LLM is started by mpirun.</summary>
internal static class LeaderWorkerSetForm
{
    private const int LeaderPort = 20000;

    /// <summary>The manifest.</summary>
    /// <exception cref="EstimateException">No image is known, or the engine cannot be told of several machines.</exception>
    public static string Of(LaunchCommand command)
    {
        int gpus = command.Setup.Gpus, each = Math.Min(gpus, command.MachineGpus);
        if (each < 1)
        {
            throw new EstimateException(nameof(command.MachineGpus), "1 GPU or more is right, of the setup and of machines; "
                + $"they are {NumberText.N(gpus)} and {NumberText.N(command.MachineGpus)}.");
        }

        int machines = gpus / each;
        if (gpus % each != 0 || (machines > 1 && command.Setup.Engine != "sglang"))
        {
            throw new EstimateException("form", gpus % each != 0
                ? $"machines of {NumberText.N(each)} GPUs do not hold {NumberText.N(gpus)} without a rest."
                : $"how {command.Setup.Engine} is told of {NumberText.N(machines)} machines was not read; SGLang's way was.");
        }

        string list = machines == 1 ? List(command) : Joined(command);
        string head = string.Create(CultureInfo.InvariantCulture, $$"""
            apiVersion: leaderworkerset.x-k8s.io/v1
            kind: LeaderWorkerSet
            metadata:
              name: llm
            spec:
              replicas: {{command.Replicas}}
              leaderWorkerTemplate:
                size: {{machines}}
                restartPolicy: RecreateGroupOnPodRestart

            """);
        string leader = "    leaderTemplate:\n      metadata:\n        labels: {\"app\": \"llm\", \"role\": \"leader\"}\n"
            + Pod(command, list, each, serves: true, column: 6);
        return head + leader + "    workerTemplate:\n" + Pod(command, list, each, serves: false, column: 6);
    }

    // Of several machines, each with its rank: variables that LeaderWorkerSet sets in every pod.
    private static string Joined(LaunchCommand command)
    {
        LaunchFlags flags = LaunchFlags.Of(command.Setup.Engine);
        string[] more = [Flag("--dist-init-addr"), $"$(LWS_LEADER_ADDRESS):{LeaderPort}", Flag("--nnodes"), "$(LWS_GROUP_SIZE)",
            Flag("--node-rank"), "$(LWS_WORKER_INDEX)"];
        return List(command)[..^1] + ", " + string.Join(", ", more.Select(Quoted)) + "]";

        string Flag(string spelling) => flags.Spelled(spelling) is { } flag && flag.Versions.Contains(command.Version) ? flag.Flag
            : throw new EstimateException("form", $"{spelling} was not read in {flags.Engine} {command.Version}.");
    }
}
