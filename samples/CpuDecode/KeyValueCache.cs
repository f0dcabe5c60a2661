using LlmMath.Architectures;

/// <summary>The keys and values of one layer's tokens.</summary>
internal sealed class KeyValueCache(int keySize, int valueSize, int capacity)
{
    private readonly float[] _keys = new float[keySize * capacity], _values = new float[valueSize * capacity],
        _scores = new float[capacity];

    public Span<float> Key(int position) => _keys.AsSpan(position * keySize, keySize);

    public Span<float> Value(int position) => _values.AsSpan(position * valueSize, valueSize);

    /// <summary>softmax(q · Kᵀ ÷ √d) · V for each head. Source: Vaswani et al., arXiv:1706.03762, equation 1.</summary>
    public void Attend(GroupedQueryAttention attention, ReadOnlySpan<float> queries, Span<float> mixed, int tokens)
    {
        int keyDim = (int)attention.HeadDim, valueDim = (int)attention.ValueHeadDim,
            shared = (int)(attention.Heads / attention.KeyValueHeads);
        Span<float> scores = _scores.AsSpan(0, tokens);
        for (int head = 0; head < attention.Heads; head++)
        {
            ReadOnlySpan<float> query = queries.Slice(head * keyDim, keyDim);
            for (int token = 0; token < tokens; token++)
            {
                scores[token] = Operations.Dot(query, Key(token).Slice(head / shared * keyDim, keyDim)) / MathF.Sqrt(keyDim);
            }

            Operations.Softmax(scores);
            Span<float> result = mixed.Slice(head * valueDim, valueDim);
            result.Clear();
            for (int token = 0; token < tokens; token++)
            {
                Operations.AddScaled(Value(token).Slice(head / shared * valueDim, valueDim), scores[token], result);
            }
        }
    }
}
