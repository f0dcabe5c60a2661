using LlmMath;
using LlmMath.Architectures;
using LlmMath.Numerics;

/// <summary>One layer: attention over the tokens so far, then the feed-forward network, each added to what came in.</summary>
internal sealed class Layer : IDisposable
{
    private readonly GroupedQueryAttention _attention;
    private readonly PackedMatrix _query, _key, _value, _output, _up, _down;
    private readonly PackedMatrix? _gate;
    private readonly ProductOptions _options;
    private readonly KeyValueCache _cache;
    private readonly float[] _normed, _queries, _mixed, _result, _inner, _gated;

    public Layer(Block block, int number, int hidden, MatrixFormat format, ProductOptions options, int capacity)
    {
        _attention = (GroupedQueryAttention)block.Mixers[0];
        (int inner, bool isGated) = block.FeedForwards[0] switch
        {
            GatedFeedForward gated => ((int)gated.IntermediateSize, true),
            DenseFeedForward dense => ((int)dense.IntermediateSize, false),
            var other =>
                throw new NotSupportedException($"This sample has no feed-forward network of kind {other.GetType().Name}."),
        };
        PackedMatrix Matrix(long rows, long columns, int seed) =>
            new MadeUpWeights((int)rows, (int)columns, (100 * number) + seed).Pack(format);
        (_query, _key, _value) = (Matrix(_attention.QuerySize, hidden, 2), Matrix(_attention.KeySize, hidden, 3),
            Matrix(_attention.ValueSize, hidden, 4));
        (_output, _up, _down) = (Matrix(hidden, _attention.OutputSize, 5), Matrix(inner, hidden, 6), Matrix(hidden, inner, 7));
        _gate = isGated ? Matrix(inner, hidden, 8) : null;
        _options = options;
        _cache = new KeyValueCache((int)_attention.KeySize, (int)_attention.ValueSize, capacity);
        (_normed, _result) = (new float[hidden], new float[hidden]);
        (_queries, _mixed) = (new float[_attention.QuerySize], new float[_attention.OutputSize]);
        (_inner, _gated) = (new float[inner], new float[inner]);
    }

    /// <summary>Bytes of the matrices.</summary>
    public ByteSize WeightBytes => Matrices().Aggregate(new ByteSize(0), (sum, matrix) => sum + matrix.Size);

    private bool IsLlama => _gate is not null;

    /// <summary>Adds what the layer makes of the token at a position.</summary>
    public void Forward(float[] hidden, int position)
    {
        Operations.Norm(hidden, _normed, IsLlama);
        Span<float> key = _cache.Key(position), value = _cache.Value(position);
        _query.Multiply(_normed, _queries, _options);
        _key.Multiply(_normed, key, _options);
        _value.Multiply(_normed, value, _options);
        if (IsLlama)
        {
            Operations.Rotate(_queries, (int)_attention.HeadDim, position);
            Operations.Rotate(key, (int)_attention.HeadDim, position);
        }

        _cache.Attend(_attention, _queries, _mixed, position + 1);
        _output.Multiply(_mixed, _result, _options);
        Operations.Add(_result, hidden);

        Operations.Norm(hidden, _normed, IsLlama);
        _up.Multiply(_normed, _inner, _options);
        if (_gate is null)
        {
            Operations.Relu(_inner);
        }
        else
        {
            _gate.Multiply(_normed, _gated, _options);
            Operations.Gate(_gated, _inner);
        }

        _down.Multiply(_inner, _result, _options);
        Operations.Add(_result, hidden);
    }

    public void Dispose()
    {
        foreach (PackedMatrix matrix in Matrices())
        {
            matrix.Dispose();
        }
    }

    private PackedMatrix[] Matrices() =>
        [_query, _key, _value, _output, _up, _down, .. _gate is null ? Array.Empty<PackedMatrix>() : [_gate]];
}
