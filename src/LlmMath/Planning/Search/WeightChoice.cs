using LlmMath.Architectures;
using LlmMath.Placement;
using LlmMath.Placement.Work;
using LlmMath.Planning.Scores;

namespace LlmMath.Planning.Search;

/// <summary>A model in a format.</summary>
internal sealed class WeightChoice(ModelDefinition model, WeightFormat weights)
{
    private readonly Dictionary<Engine, long> _least = new(ReferenceEqualityComparer.Instance);

    private readonly Dictionary<Engine, ModelWork> _works = new(ReferenceEqualityComparer.Instance);

    private readonly bool?[] _isKnown = new bool?[2];
    private bool? _isGood;

    public ModelDefinition Model { get; } = model;

    public WeightFormat Weights { get; } = weights;

    /// <summary>Bytes of the whole checkpoint; the most where they cannot be counted.</summary>
    public long Bytes { get; } = Count(() => model.WeightMemory(weights).Bytes);

    /// <summary>Bytes that the GPUs of a replica hold together at least: those of an engine's weights on one. Laid over more of
    /// them, some are held again, none goes.</summary>
    public long LeastBytes(Engine engine)
    {
        if (!_least.TryGetValue(engine, out long bytes))
        {
            bytes = Count(() => new Deployment(Model, null, engine, Weights).Memory(Workload.OfContext(1)).PerGpuWeights.Bytes);
            _least.Add(engine, bytes);
        }

        return bytes;
    }

    /// <summary>What a pass has to do, the weights as an engine loads them.</summary>
    public ModelWork WorkOf(Engine engine)
    {
        if (!_works.TryGetValue(engine, out ModelWork? work))
        {
            work = ModelWorks.Of(Model.Architecture, PlacedModel.Loaded(engine, Weights));
            _works.Add(engine, work);
        }

        return work;
    }

    /// <summary>Whether an engine's speed is known with layers of its kinds; found once for engines with timed kernels and once
    /// for others.</summary>
    /// <param name="hasKernels">Whether the engine's kernels were timed.</param>
    public bool IsKnown(bool hasKernels) => _isKnown[hasKernels ? 1 : 0] ??= Count(() =>
        ModelWorks.Of(Model.Architecture, Weights).UnknownLayers(hasKernels)) == 0;

    /// <summary>Whether the format costs no more quality than it may; found once.</summary>
    public bool Allows(QualityCheck quality) => _isGood ??= quality.Allows(Model, Weights);

    private static long Count(Func<long> bytes)
    {
        try
        {
            return bytes();
        }
        catch (Exception error) when (error is ArgumentException or OverflowException)
        {
            return long.MaxValue;
        }
    }
}
