using LlmMath;
using LlmMath.Architectures;
using LlmMath.Numerics;

/// <summary>A decoder-only model that decodes one sequence: OPT's shape (layer norms, learned positions, ReLU) or Llama's (RMS
/// norms, rotary positions, gated SiLU), as the catalog's entry says.</summary>
internal sealed class Decoder : IDisposable
{
    private readonly Layer[] _layers;
    private readonly MadeUpWeights _embedding;
    private readonly PackedMatrix _head;
    private readonly ProductOptions _options;
    private readonly bool _isLlama;
    private readonly float[] _hidden, _normed, _logits;
    private int _position;

    /// <summary>Makes the weights up and packs them.</summary>
    public Decoder(ModelDefinition model, MatrixFormat format, KernelWorkers workers, int capacity)
    {
        Architecture architecture = model.Architecture;
        int hidden = (int)architecture.HiddenSize, vocabulary = (int)architecture.VocabularySize;
        _options = new ProductOptions { Workers = workers };
        _isLlama = architecture.Blocks[0].FeedForwards[0] is GatedFeedForward;
        _embedding = new MadeUpWeights(vocabulary, hidden, seed: 1);
        _head = _embedding.Pack(format);
        _layers = [.. architecture.Blocks.SelectMany(block => block.Layers.Select(number => (block, number)))
            .OrderBy(layer => layer.number)
            .Select(layer => new Layer(layer.block, layer.number, hidden, format, _options, capacity))];
        (_hidden, _normed, _logits) = (new float[hidden], new float[hidden], new float[vocabulary]);
    }

    /// <summary>Bytes of the weights that a token reads: all matrices, the embedding once, as the output's.</summary>
    public ByteSize WeightBytes => _layers.Aggregate(_head.Size, (sum, layer) => sum + layer.WeightBytes);

    /// <summary>The likeliest token after this one.</summary>
    public int Next(int token)
    {
        _embedding.Row(token).CopyTo(_hidden);
        foreach (Layer layer in _layers)
        {
            layer.Forward(_hidden, _position);
        }

        _position++;
        Operations.Norm(_hidden, _normed, _isLlama);
        _head.Multiply(_normed, _logits, _options);
        return Operations.IndexOfGreatest(_logits);
    }

    public void Dispose()
    {
        _head.Dispose();
        foreach (Layer layer in _layers)
        {
            layer.Dispose();
        }
    }
}
