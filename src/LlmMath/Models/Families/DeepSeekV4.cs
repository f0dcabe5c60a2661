using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Interchange;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// DeepSeek V4: several residual streams (hyper-connections), attention over a window and, in most layers, over the context
/// pooled 4 tokens an entry with an indexer or 128 without, experts in every layer, which the first layers choose by a table of
/// tokens. Source: huggingface/transformers, src/transformers/models/deepseek_v4/configuration_deepseek_v4.py, commit
/// 015c07816415, and modular_deepseek_v4.py, commit 02356fecf280; the checkpoint's names: Blaizzy/mlx-vlm,
/// mlx_vlm/models/deepseek_v4/language.py, commit 9b13f522a7f1; drafting stages: as <see cref="DraftStages"/>.
/// </summary>
internal static class DeepSeekV4
{
    private const string LayerPrefix = "layers.{layer}.";
    private const string Csa = "compressed_sparse_attention", Hca = "heavily_compressed_attention", Window = "sliding_attention";

    public static Architecture Build(ConfigReader c)
    {
        c.Fixed("topk_method", "noaux_tc");
        SharedKeyValueAttention attention = c.SharedKeyValue(hiddenSize: 4096, queryRank: 1024);
        long hidden = attention.HiddenSize, vocabulary = c.Size("vocab_size", 129280), streams = c.Streams();
        int layers = c.Layers("num_hidden_layers", 43), predicting = c.Blocks("num_nextn_predict_layers", 1);
        ValueList<long> ratios = Ratios(c, layers, predicting);
        Func<int, bool> hashes = c.Words("mlp_layer_types", layers, yes: "hash_moe", no: "moe") ?? FirstLayers(c);
        MixtureOfExperts moe = c.Mixture(hidden, experts: ("n_routed_experts", 256), active: 6,
            width: ("moe_intermediate_size", 2048), shared: ("n_shared_experts", 1));
        var indexer = new SparseIndexer(c.Size("index_n_heads", 64), c.Size("index_head_dim", 128), c.Size("index_topk", 512));
        long sparse = Rate(c, Csa, "compress_rate_csa", 4);
        bool bias = c.Flag("attention_bias", false);
        Architecture decoder = Decoder.Of(c, "deepseek_v4", vocabulary, hidden,
            Decoder.ByKind(layers, layer => (ratio: ratios[layer], hashed: hashes(layer)), kind =>
            {
                CompressedContext? pooled = kind.ratio == 0 ? null
                    : kind.ratio == sparse
                        ? attention.Pooled(sparse, indexer) with
                        {
                            EntriesPerToken = 2,
                            PooledElements = attention.HeadDim + indexer.HeadDim,
                            TimedWindow = attention.Window,
                        }
                        : attention.Pooled(kind.ratio, null) with
                        {
                            PooledElements = attention.HeadDim, TimedWindow = attention.Window,
                        };
                return new BlockParts(pooled is null ? [attention] : [attention with { IsReadBeside = true }, pooled], [moe],
                    Block([.. attention.Tensors("attn.", bias), .. pooled is null ? [] : Pooling(pooled)], kind.hashed))
                {
                    Streams = streams,
                };
            }, LayerPrefix),
            tied: c.Flag("tie_word_embeddings", false), "embed.weight", Norm("norm", hidden), "head");
        return decoder with
        {
            Outputs = [.. HyperConnections.Head("hc_head", hidden, streams), .. decoder.Outputs],
            Additions = [.. Prediction(), .. TokenTables()],
        };

        IEnumerable<Tensor> Block(IEnumerable<Tensor> attends, bool hashed) =>
        [
            .. HyperConnections.Around("attn", hidden, streams),
            .. Norm("attn_norm", hidden),
            .. attends,
            .. HyperConnections.Around("ffn", hidden, streams),
            .. Norm("ffn_norm", hidden),
            .. Experts(moe, hashed ? [] : ["bias"]),
        ];

        IEnumerable<Addition> Prediction()
        {
            Tensor[] block = [.. Block(attention.Tensors("attn.", bias), hashed: false)];
            if (predicting > 0 && c.Has("dspark_markov_rank"))
            {
                yield return DraftStages.Of(c, predicting, vocabulary, hidden, block,
                    last: HyperConnections.Head("hc_head", hidden, streams));
            }
            else if (predicting > 0)
            {
                yield return Addition.MultiTokenPrediction([.. Enumerable.Range(0, predicting)], [.. InEachLayer("mtp.{layer}.",
                [
                    .. Norm("enorm", hidden),
                    .. Norm("hnorm", hidden),
                    .. Linear("e_proj", hidden, hidden, TensorRole.Projection, MatrixKind.Other),
                    .. Linear("h_proj", hidden, hidden, TensorRole.Projection, MatrixKind.Other),
                    .. block,
                    .. HyperConnections.Head("hc_head", hidden, streams),
                    .. Norm("norm", hidden),
                ])]);
            }
        }

        // Whole numbers: which experts each token of the vocabulary goes to.
        IEnumerable<Addition> TokenTables()
        {
            ValueList<int> hashed = [.. Enumerable.Range(0, layers).Where(hashes)];
            return hashed.Count == 0 ? [] : [new(PartKind.Other, "tables of each token's experts", hashed,
                [Plain(LayerPrefix + "ffn.gate.tid2eid", TensorRole.Router, vocabulary, moe.ActiveExperts) with
                {
                    IsPerLayer = true,
                    Kind = MatrixKind.Router,
                    StoredBits = 64,
                }])];
        }
    }

    /// <summary>The experts under the names of DeepSeek V4's checkpoints.</summary>
    /// <param name="moe">The mixture.</param>
    /// <param name="biases">The router's correction biases.</param>
    public static IEnumerable<Tensor> Experts(MixtureOfExperts moe, IEnumerable<string> biases) =>
    [
        .. moe.Router("ffn.gate"),
        .. biases.SelectMany(bias => In32Bits(Plain("ffn.gate." + bias, TensorRole.Router, moe.Experts))),
        .. moe.PerExpert("ffn.experts.{expert}.", gate: "w1", up: "w3", down: "w2"),
        .. moe.SharedIntermediateSize == 0 ? [] : new GatedFeedForward(moe.HiddenSize, moe.SharedIntermediateSize)
            .Tensors("ffn.shared_experts.", gate: "w1", up: "w3", down: "w2", role: TensorRole.SharedExpert),
    ];

    private static IEnumerable<Tensor> Pooling(CompressedContext pooled) =>
    [
        .. pooled.Compressor("attn.compressor.", pooled.HeadDim),
        .. pooled.Indexer is not { } indexer ? [] : (IEnumerable<Tensor>)
        [
            .. pooled.IndexQueries(indexer, "attn.indexer."),
            .. pooled.Compressor("attn.indexer.compressor.", indexer.HeadDim),
        ],
    ];

    /// <summary>Tokens an entry in each layer, 0 where it has the window alone: as <c>compress_ratios</c> or <c>layer_types</c>
    /// lists it, or 128 in the first two and then 128 and 4 by turns.</summary>
    private static ValueList<long> Ratios(ConfigReader c, int layers, int predicting)
    {
        long csa = Rate(c, Csa, "compress_rate_csa", 4), hca = Rate(c, Hca, "compress_rate_hca", 128);
        if (csa == hca)
        {
            throw c.Invalid("compress_rates", $"must differ between the two kinds of layers; both are {(ConfigValue)csa}.");
        }

        if (c.Texts("layer_types") is { } types)
        {
            return [.. c.PerLayer("layer_types", types, layers).Select((type, layer) => type switch
            {
                Window => 0,
                Csa => csa,
                Hca => hca,
                _ => throw c.Invalid($"layer_types[{layer}]",
                    $"must be \"{Window}\", \"{Csa}\" or \"{Hca}\"; it is {(ConfigValue)type}."),
            })];
        }

        return c.PoolingRatios(layers, predicting) is { } ratios
            ? [.. ratios.Select((ratio, layer) => ratio == 0 || ratio == csa || ratio == hca
                ? ratio
                : throw c.Invalid($"compress_ratios[{layer}]", $"must be 0, {csa} or {hca}; it is {ratio}."))]
            : [.. Enumerable.Range(0, layers).Select(layer => layer < 2 || layer % 2 == 0 ? hca : csa)];
    }

    private static long Rate(ConfigReader c, string kind, string olderField, long fallback) =>
        c.Section("compress_rates") is { } rates ? rates.Size(kind, fallback) : c.Size(olderField, fallback);

    private static Func<int, bool> FirstLayers(ConfigReader c)
    {
        long first = c.Count("num_hash_layers", 3);
        return layer => layer < first;
    }
}
