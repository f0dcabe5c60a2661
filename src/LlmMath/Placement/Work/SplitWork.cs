using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Placement.Tensors;
using LlmMath.Placement.Weights;

namespace LlmMath.Placement.Work;

/// <summary>A model's work divided between a GPU and the processor, tensor by tensor and layer by layer, by where each
/// lies.</summary>
internal sealed class SplitWork
{
    private SplitWork(ModelWork gpu, ModelWork host, EncodedWork encodings) =>
        (Gpu, Host, HostEncodings) = (gpu, host, encodings);

    /// <summary>What a GPU does.</summary>
    public ModelWork Gpu { get; }

    /// <summary>What the processor does.</summary>
    public ModelWork Host { get; }

    /// <summary>Whether the processor does anything but look rows up.</summary>
    public bool HasHostWork => Host.Layers > 0 || HostEncodings.Head.Sums.Count > 0;

    /// <summary>Elements that the processor multiplies, by their formats.</summary>
    public EncodedWork HostEncodings { get; }

    /// <summary>Divides a model's work.</summary>
    public static SplitWork Of(Architecture a, WeightFormat format, TensorHomes homes)
    {
        var facts = QuantizerPlaces.FactsOf(a);
        Side gpu = new(), host = new();
        for (int b = 0; b < a.Blocks.Count; b++)
        {
            Block block = a.Blocks[b];
            if (block.IsEncoder)
            {
                continue;
            }

            (int below, int hostLayers) = LayersOf(block, b, homes);
            gpu.Layers += block.Layers.Count - below;
            host.Layers += hostLayers;
            foreach (SequenceMixer mixer in block.Mixers)
            {
                gpu.Add(mixer, block.Layers.Count - below);
                host.Add(mixer, below);
            }

            Add(a, b, format, facts, homes, gpu, host);
        }

        for (int i = 0; i < a.Outputs.Count; i++)
        {
            Tensor tensor = a.Outputs[i];
            TensorEncoding encoding = format.Encode(QuantizerPlaces.Of(tensor, 0, 0, facts));
            MatrixWork work = default(MatrixWork).With(tensor, TensorStorage.Of(encoding, tensor, 1), 1);
            double share = homes.OutputShare(i);
            host.HeadEncodings.Add(encoding, share * work.Elements);
            (gpu.Head, host.Head) = (gpu.Head.Plus(work, 1 - share), host.Head.Plus(work, share));
        }

        var whole = ModelWorks.Of(a, format);
        return new(whole.Part(gpu.Share), whole.Part(host.Share), host.Encodings);
    }

    // Layers whose attention the processor does, and layers that have any weights in system memory.
    private static (int Below, int Held) LayersOf(Block block, int at, TensorHomes homes)
    {
        int below = 0, held = 0;
        for (int i = 0; i < block.Layers.Count; i++)
        {
            below += block.Layers[i] < homes.FirstLayer ? 1 : 0;
            bool isHeld = false;
            for (int t = 0; t < block.Tensors.Count && !isHeld; t++)
            {
                isHeld = homes.LayerShares(at, t) is { } shares && shares[i] > 0;
            }

            held += isHeld ? 1 : 0;
        }

        return (below, held);
    }

    private static void Add(Architecture a, int at, WeightFormat format, in QuantizerFacts facts, TensorHomes homes, Side gpu,
        Side host)
    {
        Block block = a.Blocks[at];
        var mixtures = new Dictionary<(long, long), (Mixture Gpu, Mixture Host)>();
        for (int t = 0; t < block.Tensors.Count; t++)
        {
            Tensor tensor = block.Tensors[t];
            double[]? shares = homes.LayerShares(at, t);
            TensorEncoding? last = null;
            MatrixWork one = default;
            for (int i = 0; i < block.Layers.Count; i++)
            {
                TensorEncoding encoding = WeightFold.EncodingAt(a, tensor, block.Layers[i], format, facts);
                one = ReferenceEquals(encoding, last) ? one
                    : default(MatrixWork).With(tensor, TensorStorage.Of(encoding, tensor, 1), 1);
                last = encoding;
                double share = shares?[i] ?? 0;
                if (tensor.Role != TensorRole.Expert)
                {
                    host.BlockEncodings.Add(encoding, share * one.Elements);
                    (gpu.Blocks, host.Blocks) = (gpu.Blocks.Plus(one, 1 - share), host.Blocks.Plus(one, share));
                    continue;
                }

                long all = tensor.Experts ?? 1, active = tensor.ActiveExperts ?? all;
                if (!mixtures.TryGetValue((all, active), out (Mixture Gpu, Mixture Host) mixture))
                {
                    mixtures[(all, active)] = mixture = (new(block.Layers.Count), new(block.Layers.Count));
                }

                mixture.Gpu.Add(i, one, 1 - share);
                mixture.Host.Add(i, one, share);
                mixture.Host.Encodings.Add(encoding, share * one.Elements);
            }
        }

        foreach (((long all, long active), (Mixture onGpu, Mixture onHost)) in mixtures)
        {
            gpu.Add(onGpu, all, active);
            host.Add(onHost, all, active);
        }
    }

    private sealed class Mixture(int layers)
    {
        private readonly bool[] _held = new bool[layers];

        public MatrixWork Sum { get; private set; }

        public EncodedElements Encodings { get; } = new();

        public int Layers => _held.Count(held => held);

        public void Add(int layer, in MatrixWork one, double share)
        {
            _held[layer] |= share > 0;
            Sum = Sum.Plus(one, share);
        }
    }

    private sealed class Side
    {
        private readonly List<ExpertWork> _experts = [];
        private readonly List<MixerLayers> _mixers = [];
        private readonly List<EncodedElements> _expertEncodings = [];
        private int _mixtureLayers;

        public int Layers { get; set; }

        public MatrixWork Blocks { get; set; }

        public MatrixWork Head { get; set; }

        public EncodedElements BlockEncodings { get; } = new();

        public EncodedElements HeadEncodings { get; } = new();

        public EncodedWork Encodings => new(BlockEncodings, HeadEncodings, [.. _expertEncodings]);

        public WorkShare Share => new(Layers, _mixtureLayers, Blocks, Head, [.. _experts], [.. _mixers]);

        public void Add(SequenceMixer mixer, int layers)
        {
            if (layers > 0)
            {
                _mixers.Add(new(layers, mixer.Cache, mixer.Work, mixer.Kernel));
            }
        }

        public void Add(Mixture mixture, long all, long active)
        {
            int layers = mixture.Layers;
            if (layers > 0)
            {
                _experts.Add(new(layers, all, active, default(MatrixWork).Plus(mixture.Sum, 1.0 / (layers * (double)all))));
                _expertEncodings.Add(mixture.Encodings);
                _mixtureLayers += layers;
            }
        }
    }
}
