using LlmMath.Architectures;
using LlmMath.Memory.Cache;
using LlmMath.Memory.Placement;
using LlmMath.Speed.Operators;

namespace LlmMath.Speed;

/// <summary>A model on GPUs, in the numbers that a pass needs.</summary>
internal readonly record struct Deployment
{
    /// <summary>The model's work.</summary>
    public required ModelWork Work { get; init; }

    /// <summary>Peak rates for its weights.</summary>
    public required ComputeRates Rates { get; init; }

    /// <summary>Peak memory bandwidth of one GPU, bytes a second.</summary>
    public required double BytesPerSecond { get; init; }

    /// <summary>The link's rate in one direction, bytes a second.</summary>
    public required double LinkBytesPerSecond { get; init; }

    /// <summary>GPUs that share a layer's matrices.</summary>
    public required int Tensor { get; init; }

    /// <summary>GPUs that share the experts.</summary>
    public required int Expert { get; init; }

    /// <summary>Stages of a pipeline.</summary>
    public required int Pipeline { get; init; }

    /// <summary>The model.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>How the engine lays out its cache.</summary>
    public required CacheLayout Layout { get; init; }

    /// <summary>Bytes of a cached element.</summary>
    public required double CacheBytes { get; init; }

    /// <summary>Whether attention writes its scores to memory.</summary>
    public bool WritesScores { get; init; }

    /// <summary>Whether prefill makes 16-bit copies of packed weights.</summary>
    public bool UnpacksWeights { get; init; }

    /// <summary>Launches that a stage of a pipeline can have pending; 0 where nothing limits them.</summary>
    public int QueuedLaunches { get; init; }

    /// <summary>Replicas of attention that share the experts: 1 unless attention is data-parallel.</summary>
    public int AttentionReplicas => Math.Max(1, Expert / Tensor);

    /// <summary>The share of a layer's cache that one GPU reads: heads are divided as far as there are any.</summary>
    public double CacheShare(in MixerLayers mixer) =>
        mixer.Work.ReadHeads > 0 ? Math.Max(1.0 / mixer.Work.ReadHeads, 1.0 / Tensor) : 1.0 / Tensor;

    /// <summary>Bytes of a sequence's cache of so many tokens on one GPU of each stage, the stages together.</summary>
    public long CacheBytesOf(double context) =>
        CacheFold.Sum(Architecture, Layout, Shard.Whole with { TensorDegree = Tensor }, (long)context, 0);
}
