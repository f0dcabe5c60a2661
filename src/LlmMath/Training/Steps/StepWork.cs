using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Placement.Adapters;
using LlmMath.Placement.Shards;
using LlmMath.Training.Memory;

namespace LlmMath.Training.Steps;

/// <summary>What one token of a run costs the GPUs of its replica, before any constant of a trainer.</summary>
internal readonly record struct StepWork
{
    /// <summary>Operations of matrices but experts'.</summary>
    public double Dense { get; init; }

    /// <summary>Operations of routed experts' matrices.</summary>
    public double Experts { get; init; }

    /// <summary>Operations of attention and recurrent states.</summary>
    public double Attention { get; init; }

    /// <summary>Passes of layers, of GPUs that work at once, a token.</summary>
    public double LayerPasses { get; init; }

    /// <summary>The same of layers with experts.</summary>
    public double MixturePasses { get; init; }

    /// <summary>Bytes of parameters and gradients that replicas send.</summary>
    public double GatheredBytes { get; init; }

    /// <summary>Bytes of activations that GPUs which share layers send.</summary>
    public double TensorBytes { get; init; }

    /// <summary>Bytes of activations that are sent to experts and back.</summary>
    public double ExpertBytes { get; init; }

    /// <summary>Bytes that are read and written to unpack quantized weights before they are multiplied.</summary>
    public double UnpackedBytes { get; init; }

    /// <summary>What lies in the host's memory: seconds of a token, and whether copies wait.</summary>
    public HostTraffic Host { get; init; }

    /// <summary>Whether what lies between the matrices, attention among it, is computed in float32.</summary>
    public bool IsWide { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public double Width { get; init; }

    /// <summary>Share of the time that no stage waits: v·m ÷ (v·m + p − 1), of m micro-batches, p stages and v runs of layers a
    /// stage. Source: Narayanan et al., arXiv:2104.04473, section 2.2.</summary>
    public double Filled { get; init; }

    /// <summary>
    /// What a run asks. A matrix takes 2 operations an element forward, 2 for the gradient of its input and 2 for its own where
    /// it is trained; what is computed again takes its forward pass once more, by operator half of it. Attention takes its
    /// forward pass, two and a half times that backward (a fused kernel computes the scores again), and once more where its layer
    /// is computed again. Source of the 2.5: Dao, arXiv:2307.08691, section 3.1. A pass without a way back is the forward pass
    /// alone.
    /// </summary>
    public static StepWork Of(PlacedRun run) => Of(run, StepLoad.Of(run), isPass: false);

    /// <summary>The same of tokens laid out otherwise, and of a pass without a way back.</summary>
    public static StepWork Of(PlacedRun run, in StepLoad load, bool isPass)
    {
        Architecture a = run.Architecture;
        Parallelism over = run.On.Placement;
        double again = isPass ? 0 : run.Run.Recomputation switch
        {
            Recomputation.Full => 1,
            Recomputation.ByOperator => 0.5,
            _ => 0,
        };
        double back = isPass ? 0 : 1, forward = 1 + again;
        double dense = 0, experts = 0, attention = 0, parameters = 0, mixtures = 0, active = 0, packed = 0;
        int layers = 0;
        foreach ((Tensor tensor, Block? block) in AdapterFold.Tensors(a))
        {
            int times = tensor.IsPerLayer ? block?.Layers.Count ?? 1 : 1;
            parameters += tensor.TiedTo is null ? (double)times * tensor.Elements : 0;
            if (tensor.Kind is MatrixKind.None or MatrixKind.Embedding
                || (run.Shape.Scores && tensor.Role == TensorRole.Head))
            {
                continue;
            }

            packed += tensor.Kind.IsLinear() ? (double)times * tensor.Elements : 0;
            int rank = run.Rules.RankOf(tensor);
            (_, long outputs, long inputs) = tensor.Matrices;
            double each = rank > 0 ? rank * ((double)inputs + outputs) / ((double)inputs * outputs) : 0;
            double operations = times * tensor.ActiveElements
                * ((2 * forward * (1 + each)) + (back * (2 + (2 * each) + (rank == 0 ? 2 : 2 * each))));
            if (tensor.Role == TensorRole.Expert)
            {
                experts += operations;
            }
            else
            {
                dense += operations;
            }
        }

        foreach (Block block in a.Blocks)
        {
            layers += block.Layers.Count;
            double used = 0;
            foreach (Tensor tensor in block.Tensors)
            {
                used = Math.Max(used, tensor.Role == TensorRole.Expert ? tensor.ActiveExperts ?? 0 : 0);
            }

            (mixtures, active) = (mixtures + (used > 0 ? block.Layers.Count : 0), Math.Max(active, used));

            foreach (SequenceMixer mixer in block.Mixers)
            {
                MixerWork work = mixer.Work;
                double sequence = load.Sequence;
                attention += block.Layers.Count * (1 + (back * (2.5 + (run.Run.Recomputation >= Recomputation.Full ? 1 : 0))))
                    * ((work.Pairs(0, sequence) / sequence * work.PairOperations) + work.StateOperations
                        + (work.IndexedPairs(0, sequence) / sequence * work.IndexOperations));
            }
        }

        (double tokens, double micros) = (load.Tokens, load.MicroBatches);
        double passes = (forward + (2 * back)) * over.Tensor * over.Context / tokens;
        double crossings = 2 * (forward + back), hidden = 2.0 * a.HiddenSize;
        bool gathers = over.Sharding == Sharding.Zero3 && over.ShardingDegree > 1;
        double trained = run.Adapted is null ? parameters : run.Adapted.Sum(one => (double)one.Parameters);
        double sent = gathers ? 2 * ((forward + back) * parameters) / tokens : 0;
        sent += over.Data > 1 ? back * 4 * trained / (tokens * (gathers ? 1 : micros)) : 0;
        return new()
        {
            Dense = dense,
            Experts = experts,
            Attention = attention,
            LayerPasses = layers * passes,
            MixturePasses = mixtures * passes,
            GatheredBytes = sent,
            TensorBytes = over.Tensor > 1 ? layers * crossings * 2 * hidden * (over.Tensor - 1) : 0,
            ExpertBytes = over.ExpertDegree > 1 ? mixtures * active * crossings * hidden * (over.ExpertDegree - 1)
                / over.ExpertDegree : 0,
            UnpackedBytes = packed * UnpackedBytesOf(run) * (forward + back) * over.Context / tokens,
            Host = run.Run.Offload == Offload.None ? default
                : HostTraffic.Of(run, isPass).Each(tokens * micros / (over.Tensor * over.Pipeline * over.Context)),
            IsWide = run.Rules.Bytes == 4,
            Width = a.HiddenSize,
            Filled = run.Run.Interleaving * micros / ((run.Run.Interleaving * micros) + over.Pipeline - 1),
        };
    }

    /// <summary>Bytes that an element of frozen weights in fewer than 16 bits is read and written with in each pass, forward,
    /// forward again and back: its own, and 2. 0 where nothing is packed.</summary>
    public static double UnpackedBytesOf(PlacedRun run) =>
        run.Adapted is not null && run.On.Weights.ElementBits is > 0 and < 16 and { } bits ? 2 + (bits / 8) : 0;
}

/// <summary>How the tokens of a step are laid out.</summary>
/// <param name="Sequence">Tokens of a sequence that attention reckons with: of different lengths their mean square ÷ their
/// mean.</param>
/// <param name="Tokens">Tokens of a micro-batch of one replica.</param>
/// <param name="MicroBatches">Micro-batches between two updates.</param>
internal readonly record struct StepLoad(double Sequence, double Tokens, double MicroBatches)
{
    /// <summary>That of a run whose sequences are all as long.</summary>
    public static StepLoad Of(PlacedRun run) => new(run.Run.SequenceLength,
        (double)run.Run.MicroBatch * run.Shape.Sequences * run.Run.SequenceLength, run.MicroBatches);
}
