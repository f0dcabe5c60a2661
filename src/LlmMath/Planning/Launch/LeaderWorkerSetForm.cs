using System.Text.Json.Nodes;
using LlmMath.Basics;
using static LlmMath.Planning.Launch.ContainerParts;

namespace LlmMath.Planning.Launch;

/// <summary>A start command as a Kubernetes LeaderWorkerSet: each replica a group of pods, one a machine. Fields and variables:
/// kubernetes-sigs/lws@060ab4da, docs/examples/sglang/lws.yaml and
/// config/crd/bases/leaderworkerset.x-k8s.io_leaderworkersets.yaml; of vLLM's pods
/// @84d69ebe, docs/examples/leaderworkerset/basic/vllm.yaml. TensorRT-LLM is started by mpirun over several machines, and
/// refused.</summary>
internal static class LeaderWorkerSetForm
{
    private const int LeaderPort = 20000;

    /// <summary>The manifest.</summary>
    /// <exception cref="EstimateException">No image is known, or the engine cannot be told of several machines.</exception>
    public static string Of(LaunchCommand command)
    {
        (int machines, int each) = Machines(OneSide(command));
        LaunchFlags flags = LaunchFlags.Of(command.Setup.Engine);
        // Variables that LeaderWorkerSet sets in every pod.
        string[] joined = machines == 1 ? [] : command.Setup.Engine switch
        {
            "sglang" => [Flag("--dist-init-addr"), $"$(LWS_LEADER_ADDRESS):{N(LeaderPort)}", Flag("--nnodes"),
                "$(LWS_GROUP_SIZE)", Flag("--node-rank"), "$(LWS_WORKER_INDEX)"],
            "vllm" => [Flag("--nnodes"), "$(LWS_GROUP_SIZE)", Flag("--node-rank"), "$(LWS_WORKER_INDEX)", Flag("--master-addr"),
                "$(LWS_LEADER_ADDRESS)"],
            { } other => throw new EstimateException("form",
                $"how {other} is told of {NumberText.N(machines)} machines was not read; how SGLang and vLLM are, was."),
        };
        var leader = new ServerPod(command, Image(command).Image)
        {
            Gpus = each, Words = List(Words(command), joined), Port = Port(command),
        };
        // Followers answer no requests: vLLM's are told so.
        ServerPod worker = leader with
        {
            Port = null,
            Words = List(Words(command),
                machines > 1 && command.Setup.Engine == "vllm" ? [.. joined, Flag("--headless")] : joined),
        };
        return YamlText.Of(Manifest("leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet", new()
        {
            ["replicas"] = command.Replicas,
            ["leaderWorkerTemplate"] = new JsonObject
            {
                ["size"] = machines,
                ["restartPolicy"] = "RecreateGroupOnPodRestart",
                ["leaderTemplate"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = "llm", ["role"] = "leader" } },
                    ["spec"] = leader.Spec(),
                },
                ["workerTemplate"] = new JsonObject { ["spec"] = worker.Spec() },
            },
        }));

        string Flag(string spelling) => flags.Spelled(spelling) is { } flag && flag.Versions.Contains(command.Version) ? flag.Flag
            : throw new EstimateException("form", $"{spelling} was not read in {flags.Engine} {command.Version}.");
    }
}
