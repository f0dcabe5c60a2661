namespace LlmMath.Planning;

/// <summary>A form in which a start command is written.</summary>
public enum LaunchForm
{
    /// <summary>A line for a shell.</summary>
    Shell,

    /// <summary>A file for docker compose.</summary>
    Compose,

    /// <summary>A Kubernetes Deployment.</summary>
    Kubernetes,

    /// <summary>A Kubernetes LeaderWorkerSet, whose replicas may lie on several machines.</summary>
    LeaderWorkerSet,
}
