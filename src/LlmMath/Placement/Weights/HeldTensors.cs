using LlmMath.Architectures;
using LlmMath.Placement.Shards;

namespace LlmMath.Placement.Weights;

/// <summary>Everything that one GPU holds, tensor by tensor, those of a block one after another: what <see cref="WeightFold"/>
/// adds up, in elements. Enumerating allocates nothing.</summary>
internal readonly struct HeldTensors
{
    private readonly Architecture _architecture;
    private readonly Shard _shard;
    private readonly bool _hasHead;

    /// <summary>Those of a shard.</summary>
    /// <param name="a">The model.</param>
    /// <param name="shard">The part of it that the GPU holds.</param>
    /// <param name="hasHead">Whether the head is there; not where a score stands in its place.</param>
    public HeldTensors(Architecture a, in Shard shard, bool hasHead) =>
        (_architecture, _shard, _hasHead) = (a, shard, hasHead);

    public Enumerator GetEnumerator() => new(_architecture, _shard, _hasHead);

    /// <summary>Goes over inputs, blocks and outputs.</summary>
    internal ref struct Enumerator(Architecture a, Shard shard, bool hasHead)
    {
        private readonly ReadOnlySpan<Block> _blocks = a.Blocks.AsSpan();
        private ReadOnlySpan<Tensor> _tensors = a.Inputs.AsSpan();
        private int _at = -1, _part = -1, _layers;
        private CachedState _cache;
        private long _queriesPerKey;

        public HeldTensor Current { get; private set; }

        // Parts: −1 for the inputs, then the blocks, then the outputs.
        public bool MoveNext()
        {
            while (true)
            {
                while (++_at < _tensors.Length)
                {
                    if (Take(_tensors[_at]))
                    {
                        return true;
                    }
                }

                if (++_part > _blocks.Length)
                {
                    return false;
                }

                _at = -1;
                if (_part == _blocks.Length)
                {
                    _tensors = shard.HasOutputs ? a.Outputs.AsSpan() : default;
                    continue;
                }

                _layers = shard.LayersOf(_blocks[_part]);
                _tensors = _layers > 0 ? _blocks[_part].Tensors.AsSpan() : default;
                (_cache, _queriesPerKey) = WeightFold.KeysOf(_blocks[_part]);
            }
        }

        private bool Take(Tensor tensor)
        {
            bool isInput = _part < 0, isOutput = _part == _blocks.Length, own = tensor.TiedTo is null;
            if (isInput || isOutput)
            {
                bool held = isInput ? own && (shard.Inputs & WeightFold.KindOf(a, tensor)) != 0
                    : own || (shard.Inputs & InputTensors.TiedToHead) == 0;
                if (!held || (!hasHead && tensor.Role == TensorRole.Head))
                {
                    return false;
                }

                Current = new(tensor, null, 1, shard.Of(tensor.Elements, tensor, tensor.Kind, default, 1, false).Held);
                return true;
            }

            if (!own)
            {
                return false;
            }

            int times = tensor.IsPerLayer ? _layers : 1;
            Current = new(tensor, _blocks[_part], times,
                shard.Of(checked(times * tensor.Elements), tensor, tensor.Kind, _cache, _queriesPerKey, false).Held);
            return true;
        }
    }
}
