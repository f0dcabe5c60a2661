using LlmMath.Speed;
using LlmMath.Speed.Pass;
using LlmMath.Speed.Serving;

namespace LlmMath.Tests.Speed;

/// <summary>Questions of speed with one argument more: how the model is laid over GPUs.</summary>
internal static class SpeedQuestions
{
    public static InferenceEstimate EstimateInference(
        this ModelDefinition model, Gpu gpu, Engine engine, Workload workload, WeightFormat weights, Parallelism over) =>
        new Deployment(model, gpu, engine, weights) { Placement = over }.Speed(workload);

    public static DeployedModel Deployed(
        this ModelDefinition model, Gpu gpu, Engine engine, WeightFormat weights, Parallelism over) =>
        DeployedModel.Of(new Deployment(model, gpu, engine, weights) { Placement = over }.Placed);
}
