using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Interchange;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// DeepSeek V4.1: V4's streams, window and experts; few layers pool the context and cache it, those after them read their
/// entries, and some of these choose anew among them; two layers look up rows of large tables by the last tokens (Engram).
/// Source: NVIDIA-NeMo/Automodel, nemo_automodel/components/models/deepseek_v41/config.py and dspark.py, commit 014468d5fd0b;
/// what layers cache: ai-dynamo/aisimulate, docs/deepseek-v41.md, commit 24b9af3cbe5b.
/// </summary>
internal static class DeepSeekV41
{
    private const string LayerPrefix = "layers.{layer}.";

    /// <summary>What differs from layer to layer.</summary>
    private readonly record struct Kind(long Ratio, bool Pools, bool Indexes, bool LooksUp);

    public static Architecture Build(ConfigReader c)
    {
        // How many blocks of entries an indexer looks at first, how many tokens a stage drafts at once, and what Engram's hash is
        // made of: its rows are listed.
        c.Idle("candidate_block_size", "candidate_source_layer_id", "candidate_topk_blocks", "dspark_block_size",
            "engram_compressed_vocab_size", "engram_vocab_size").Fixed("attention_bias", false);
        SharedKeyValueAttention attention = c.SharedKeyValue(hiddenSize: 5120, queryRank: 1280);
        long hidden = attention.HiddenSize, vocabulary = c.Size("vocab_size", 129280), streams = c.Streams();
        int layers = c.Layers("num_hidden_layers", 40), predicting = c.Blocks("num_nextn_predict_layers", 3);
        MixtureOfExperts moe = c.Mixture(hidden, experts: ("n_routed_experts", 384), active: 6,
            width: ("moe_intermediate_size", 2304), shared: ("n_shared_experts", 1));
        var indexer = new SparseIndexer(c.Size("index_n_heads", 32), c.Size("index_head_dim", 128), c.Size("index_topk", 512));
        var tables = Engram.Read(c, layers, hidden, streams);
        Func<int, Kind> kinds = Kinds(c, layers, predicting, tables);
        Architecture decoder = Decoder.Of(c, "deepseek_v41_text", vocabulary, hidden,
            Decoder.ByKind(layers, kinds, kind =>
            {
                CompressedContext? pooled = kind.Ratio == 0 ? null
                    : attention.Pooled(kind.Ratio, indexer with { IsShared = !kind.Indexes }, sharesEntries: !kind.Pools) with
                    {
                        // One token an entry needs no pooling.
                        PooledElements = kind.Ratio == 1 ? 0 : attention.HeadDim,
                    };
                return new BlockParts(pooled is null ? [attention] : [attention, pooled], [moe],
                [
                    .. kind.LooksUp ? tables.Block() : [],
                    .. Block(moe, [.. attention.Tensors("attn."), .. pooled is null ? [] : Pooling(pooled, kind)]),
                ]);
            }, LayerPrefix),
            tied: c.Flag("tie_word_embeddings", false), "embed.weight", Norm("norm", hidden), "head");
        return decoder with
        {
            Inputs = [.. decoder.Inputs, .. tables.Tables()],
            Additions = predicting == 0 ? [] : [DraftStages.Of(c, predicting, vocabulary, hidden,
                Block(moe with
                {
                    Experts = c.Size("dspark_n_routed_experts", 128),
                    ActiveExperts = c.Size("dspark_num_experts_per_tok", 3),
                }, attention.Tensors("attn.")), last: [])],
        };

        IEnumerable<Tensor> Block(MixtureOfExperts experts, IEnumerable<Tensor> attends) =>
        [
            .. HyperConnections.Around("attn", hidden, streams),
            .. Norm("attn_norm", hidden),
            .. attends,
            .. HyperConnections.Around("ffn", hidden, streams),
            .. Norm("ffn_norm", hidden),
            // One correction for text, one for images.
            .. DeepSeekV4.Experts(experts, ["bias", "bias_vl"]),
        ];
    }

    private static IEnumerable<Tensor> Pooling(CompressedContext m, Kind kind) =>
    [
        .. !kind.Pools ? [] : (IEnumerable<Tensor>)
        [
            .. KeptWide(Linear("attn.compressor.wkv", m.HiddenSize, m.HeadDim, TensorRole.Attention, MatrixKind.Replicated)),
            .. kind.Ratio == 1 ? [] : KeptWide(Linear("attn.compressor.wgate", m.HiddenSize, m.HeadDim,
                TensorRole.Attention, MatrixKind.Replicated)),
            .. Norm("attn.compressor.norm", m.HeadDim),
            .. KeptWide(Linear("attn.indexer.wk", m.HeadDim, m.Indexer!.HeadDim, TensorRole.Attention, MatrixKind.Replicated)),
            .. Norm("attn.indexer.k_norm", m.Indexer.HeadDim),
        ],
        .. kind.Indexes ? m.IndexQueries(m.Indexer!, "attn.indexer.") : [],
    ];

    private static Func<int, Kind> Kinds(ConfigReader c, int layers, int predicting, Engram tables)
    {
        const string sources = "kv_source_layer_ids", choosers = "index_source_layer_ids";
        ValueList<long> ratios = c.PoolingRatios(layers, predicting)
            ?? throw c.Missing("compress_ratios", "a list with tokens an entry for each layer");
        Func<int, bool> pools = c.Listed(sources) ?? throw c.Missing(sources, "a list of layers");
        Func<int, bool> indexes = c.Listed(choosers) ?? throw c.Missing(choosers, "a list of layers");
        long pooled = 0;
        for (int layer = 0; layer < layers; layer++)
        {
            pooled = pools(layer) ? ratios[layer] : pooled;
            if (ratios[layer] != 0 && ratios[layer] != pooled)
            {
                throw c.Invalid(sources, $"must have a layer before layer {(ConfigValue)layer} that pools as it reads, "
                    + $"{(ConfigValue)ratios[layer]} tokens an entry.");
            }

            if (pools(layer) && !indexes(layer))
            {
                throw c.Invalid(choosers, $"must have layer {(ConfigValue)layer}, which is one of {sources}.");
            }

            if (indexes(layer) && ratios[layer] == 0)
            {
                throw c.Invalid($"compress_ratios[{(ConfigValue)layer}]", $"must be 1 or more: the layer is one of {choosers}.");
            }
        }

        return layer => new(ratios[layer], pools(layer), indexes(layer), tables.IsAt(layer));
    }

    /// <summary>Engram: tables of rows for the last 2 to n tokens, hashed by several heads, and what brings the rows into the
    /// streams.</summary>
    private sealed record Engram(ValueList<long> Layers, ValueList<long> Rows, long RowsRead, long HeadDim, long HiddenSize,
        long Streams)
    {
        // Rows of a token are as many as both multiply to; real models have 24.
        private const int MostRows = 1024;

        public static Engram Read(ConfigReader c, int layers, long hidden, long streams)
        {
            const string field = "engram_layer_ids", rowField = "engram_num_embeddings", orders = "engram_max_ngram_size";
            ValueList<long> at = c.Counts(field) ?? [], rows = c.Counts(rowField) ?? [];
            if (at.Any(layer => layer >= layers) || at.Distinct().Count() != at.Count)
            {
                throw c.Invalid(field, $"must be different layers below {(ConfigValue)layers}.");
            }

            int longest = c.Layers(orders, 4, MostRows), heads = c.Layers("engram_n_heads", 8, MostRows);
            return rows.Count != at.Count || rows.Any(n => n == 0)
                ? throw c.Invalid(rowField, $"must have a number of rows for each of the {(ConfigValue)at.Count} {field}; "
                    + $"it is {(c.Value(rowField) is { } given ? given.ToString() : "missing")}.")
                : longest < 2 ? throw c.Invalid(orders, $"must be 2 or more; it is {(ConfigValue)longest}.")
                : new(at, rows, (longest - 1) * heads, c.Size("engram_head_dim", 256), hidden, streams);
        }

        public bool IsAt(int layer) => Layers.Contains(layer);

        public IEnumerable<Tensor> Tables() => Layers.Select((layer, i) =>
            Embedding($"layers.{layer}.engram.embed.weight", Rows[i], HeadDim) with { IsHashedTable = true });

        public IEnumerable<Tensor> Block() =>
        [
            .. Linear("engram.wkv", RowsRead * HeadDim, HiddenSize * (Streams + 1), TensorRole.Projection, MatrixKind.Other),
            Plain("engram.q_weight", TensorRole.Projection, Streams, HiddenSize),
            Plain("engram.k_weight", TensorRole.Projection, Streams, HiddenSize),
        ];
    }
}
