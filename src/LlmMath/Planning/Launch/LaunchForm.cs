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

    /// <summary>KServe's LLMInferenceService.</summary>
    KServe,

    /// <summary>A configuration of Ray Serve, whose replicas may lie on several machines.</summary>
    RayServe,

    /// <summary>KubeRay's RayService: Ray Serve and the cluster that it runs on.</summary>
    RayService,

    /// <summary>llm-d's model servers as Deployments.</summary>
    LlmD,

    /// <summary>NVIDIA's DynamoGraphDeployment.</summary>
    Dynamo,
}
