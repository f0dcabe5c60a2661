using LlmMath.Speed;

namespace LlmMath.Planning.Search;

/// <summary>One way to serve: a model in a format, by an engine, each replica on so many GPUs.</summary>
/// <param name="Choice">The model and format.</param>
/// <param name="Offers">The kind of GPU, and what it costs.</param>
/// <param name="Engine">The engine.</param>
/// <param name="Placement">How a replica is laid over its GPUs.</param>
/// <param name="There">What is known of the engine on that GPU, whatever the model.</param>
internal readonly record struct Candidate(
    WeightChoice Choice, GpuOffers Offers, Engine Engine, Parallelism Placement, EngineThere There)
{
    /// <summary>GPUs of a replica.</summary>
    public int Gpus => Placement.Gpus;

    /// <summary>What its engine takes beside the hardware's bound, at least.</summary>
    public EngineOverhead Overhead(Demand demand) => There.Constants is not { } constants ? default
        : EngineOverhead.Of(constants, Choice.WorkOf(Engine), Offers.Gpu, Placement, demand.PromptRead);

    /// <summary>One replica.</summary>
    public Deployment Deployment => new(Choice.Model, Offers.Gpu, Engine, Choice.Weights) { Placement = Placement };
}
