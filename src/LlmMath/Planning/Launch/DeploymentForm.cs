using System.Globalization;

namespace LlmMath.Planning.Launch;

/// <summary>A start command as a Kubernetes Deployment.</summary>
internal static class DeploymentForm
{
    /// <summary>The manifest.</summary>
    /// <exception cref="EstimateException">No image is known, or Kubernetes cannot be told something.</exception>
    public static string Of(LaunchCommand command) => string.Create(CultureInfo.InvariantCulture, $$"""
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

        """) + ContainerParts.Pod(command, ContainerParts.List(command), command.Setup.Gpus, serves: true, column: 4);
}
