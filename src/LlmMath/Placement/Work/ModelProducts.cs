using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Placement.Shards;
using LlmMath.Placement.Weights;

namespace LlmMath.Placement.Work;

/// <summary>A model's products as one GPU of a tensor-parallel group makes them, shape by shape: what timings of kernels are
/// asked for. Layers alike share a product, so that a model has a handful.</summary>
internal sealed class ModelProducts
{
    private ModelProducts(Architecture a, WeightFormat format, int tensorDegree)
    {
        var facts = QuantizerPlaces.FactsOf(a);
        var products = new List<MatrixProduct>();
        var experts = new List<ExpertProduct>();
        Shard shard = Shard.Whole with { TensorDegree = tensorDegree };
        foreach (Block block in a.Blocks)
        {
            if (block.IsEncoder)
            {
                continue;
            }

            var joined = new Dictionary<(MatrixKind, TensorRole, double Inputs, ElementWidth), int>();
            foreach (Tensor tensor in block.Tensors)
            {
                TensorStorage stored = WeightFold.Stored(a, block, tensor, format, Shard.Whole, facts);
                if (tensor.Kind == MatrixKind.None || stored.Layers == 0)
                {
                    continue;
                }

                if (tensor.Role == TensorRole.Expert)
                {
                    AddExperts(experts, tensor, stored, block.Layers.Count);
                    continue;
                }

                double uses = (double)block.Layers.Count / stored.Layers;
                foreach ((ElementWidth width, int layers) in ByWidth(stored))
                {
                    if (layers > 0)
                    {
                        Add(products, joined, tensor, width, layers * uses, shard, block);
                    }
                }
            }
        }

        foreach (Tensor tensor in a.Outputs)
        {
            if (tensor.Kind == MatrixKind.None)
            {
                continue;
            }

            TensorStorage stored = TensorStorage.Of(format.Encode(QuantizerPlaces.Of(tensor, 0, 0, facts)), tensor, 1);
            MatrixDimensions of = tensor.Matrices;
            Head = new(WidthOf(stored), (double)of.Outputs / tensorDegree, of.Inputs, 1, false);
        }

        (Blocks, Experts) = ([.. products], [.. experts]);
    }

    /// <summary>Everything in the blocks but routed experts.</summary>
    public MatrixProduct[] Blocks { get; }

    /// <summary>The output head: only a sequence's last token passes it.</summary>
    public MatrixProduct Head { get; }

    /// <summary>Routed experts.</summary>
    public ExpertProduct[] Experts { get; }

    /// <summary>The products of a model whose layers so many GPUs share.</summary>
    public static ModelProducts Of(Architecture architecture, WeightFormat format, int tensorDegree) =>
        new(architecture, format, tensorDegree);

    private static void Add(List<MatrixProduct> products, Dictionary<(MatrixKind, TensorRole, double, ElementWidth), int> joined,
        Tensor tensor, ElementWidth width, double layers, in Shard shard, Block block)
    {
        MatrixDimensions of = tensor.Matrices;
        int degree = shard.TensorDegree;
        bool endsPart = tensor.Kind is MatrixKind.AttentionOutput or MatrixKind.Down;
        bool isWhole = tensor.Kind is MatrixKind.Router or MatrixKind.Replicated or MatrixKind.Embedding;
        double outputs = of.Outputs / (isWhole || endsPart ? 1.0 : degree), inputs = of.Inputs / (endsPart ? (double)degree : 1);
        if (tensor.Kind is MatrixKind.Key or MatrixKind.Value)
        {
            outputs = Math.Max(outputs, of.Outputs / Math.Max(1.0, KeyHeads(block)));
        }

        MatrixKind kind = tensor.Kind switch
        {
            MatrixKind.Query or MatrixKind.Key or MatrixKind.Value or MatrixKind.QueryKeyValue => MatrixKind.QueryKeyValue,
            MatrixKind.Up or MatrixKind.Replicated => tensor.Kind,
            _ => MatrixKind.None,
        };
        for (long matrix = 0; matrix < of.Matrices; matrix++)
        {
            var key = (kind, tensor.Role, inputs, width);
            if (kind != MatrixKind.None && joined.TryGetValue(key, out int at) && products[at].Layers == layers)
            {
                products[at] = products[at] with { Outputs = products[at].Outputs + outputs };
                continue;
            }

            joined[key] = products.Count;
            products.Add(new(width, outputs, inputs, layers, endsPart));
        }
    }

    // Of an expert's matrices the last tells both sizes: its outputs are the model's width.
    private static void AddExperts(List<ExpertProduct> experts, Tensor tensor, in TensorStorage stored, int layers)
    {
        if (tensor.Kind != MatrixKind.Down || tensor.ActiveExperts == 0)
        {
            return;
        }

        MatrixDimensions of = tensor.Matrices;
        long all = tensor.Experts ?? 1;
        experts.Add(new(WidthOf(stored), layers, all, tensor.ActiveExperts ?? all, of.Outputs, of.Inputs));
    }

    private static long KeyHeads(Block block)
    {
        foreach (SequenceMixer mixer in block.Mixers)
        {
            if (mixer.Cache.Heads > 0)
            {
                return mixer.Cache.Heads;
            }
        }

        return 1;
    }

    private static ElementWidth WidthOf(in TensorStorage stored) => stored.FourLayers > 0 ? ElementWidth.Four
        : stored.EightLayers > 0 ? ElementWidth.Eight : ElementWidth.Wide;

    private static IEnumerable<(ElementWidth Width, int Layers)> ByWidth(TensorStorage stored) =>
    [
        (ElementWidth.Wide, stored.WideLayers), (ElementWidth.Eight, stored.EightLayers), (ElementWidth.Four, stored.FourLayers),
    ];
}
