using LlmMath.Formats;
using LlmMath.Memory;

namespace LlmMath;

/// <summary>
/// What an engine takes beside weights and cached state, and how it lays the cache out. Each constant was read in the engine's
/// sources or fitted to published measurements (<c>catalog/evidence/memory.csv</c>); what other runs set differently, <c>with</c>
/// changes.
/// </summary>
public sealed record EngineMemory
{
    /// <summary>Its usual name, in lower case: <c>vllm</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Where the constants come from.</summary>
    public required string Source { get; init; }

    /// <summary>Whether its activations and runtime were fitted to measurements; otherwise they are guessed from other
    /// engines.</summary>
    public bool IsMeasured { get; init; } = true;

    /// <summary>CUDA context, kernels' workspaces and allocator slack on each GPU.</summary>
    public ByteRange Runtime { get; init; }

    /// <summary>Communication buffers on each GPU, where there are several.</summary>
    public ByteRange Communication { get; init; }

    /// <summary>Captured graphs on each GPU.</summary>
    public ByteRange Graphs { get; init; }

    /// <summary>The most tokens of one forward pass, over all sequences; null where prompts are read whole.</summary>
    public long? PassTokens { get; init; }

    /// <summary>Rows of logits: every token of the pass, one a sequence, or a fixed number that the engine tries itself
    /// with.</summary>
    public LogitRows LogitRows { get; init; }

    /// <summary>Rows where <see cref="LogitRows"/> says fixed.</summary>
    public long FixedLogitRows { get; init; }

    /// <summary>Bytes of a logit, with the copies that sampling makes.</summary>
    public double LogitBytes { get; init; }

    /// <summary>Bytes of a token and element of the residual stream, over the copies alive at once in a layer.</summary>
    public double HiddenBytes { get; init; }

    /// <summary>The same beside the logits; as in a layer unless stated.</summary>
    public double? LogitHiddenBytes { get; init; }

    /// <summary>Bytes of a token and element between the feed-forward matrices.</summary>
    public double IntermediateBytes { get; init; }

    /// <summary>Bytes of a token and element between the matrices of the experts that it uses, beyond
    /// <see cref="IntermediateBytes"/>.</summary>
    public double ExpertBytes { get; init; }

    /// <summary>Bytes of an attention score, one a head, token of the pass and token of the context; 0 where kernels keep
    /// none.</summary>
    public double ScoreBytes { get; init; }

    /// <summary>Copies of the head's matrix in 16 bits, where weights are quantized.</summary>
    public int HeadCopies { get; init; }

    /// <summary>Copies of the blocks' largest matrix in 16 bits, where weights are quantized.</summary>
    public int MatrixCopies { get; init; }

    /// <summary>Whether it quantizes the head where weights are quantized.</summary>
    public bool QuantizesHead { get; init; }

    /// <summary>Whether tensor parallelism leaves embedding and head whole on every GPU.</summary>
    public bool ReplicatesVocabulary { get; init; }

    /// <summary>Whether embedding and head both stand on a pipeline's first stage.</summary>
    public bool KeepsEndsTogether { get; init; }

    /// <summary>Bytes of the attention mask, one a token of the pass and token of the context.</summary>
    public double MaskBytes { get; init; }

    /// <summary>Whether separate query, key and value matrices are held twice while it fuses them, and a layer's experts while it
    /// stacks them.</summary>
    public bool FusesProjections { get; init; }

    /// <summary>Whether the token embedding stays in system memory, and a pass's inputs and masks are made there.</summary>
    public bool KeepsInputsOnHost { get; init; }

    /// <summary>Whether its buffers are laid out for a pass that attends to the whole context, however short the
    /// prompt.</summary>
    public bool ReservesWholeContext { get; init; }

    /// <summary>Copies of a pass's inputs on each GPU of a pipeline, 1 or more.</summary>
    public int InputCopies { get; init; } = 1;

    /// <summary>Whether it keeps a table of rotary sines and cosines for every position.</summary>
    public bool TabulatesRotary { get; init; }

    /// <summary>Tokens in a page of the cache, 1 or more.</summary>
    public int PageTokens { get; init; } = 1;

    /// <summary>Tokens kept beyond a window's width; null where windows are not used and the whole context is kept.</summary>
    public int? WindowTokens { get; init; }

    /// <summary>Bytes of an element of recurrent states that the model does not keep in float32.</summary>
    public int StateBytes { get; init; } = 2;

    /// <summary>Bytes of an element of a convolution's past inputs.</summary>
    public int ConvolutionBytes { get; init; } = 2;

    /// <summary>Whether it packs what sparse latent attention caches: the indexer's keys always in 8 bits with scales, the
    /// compressed vector with them where 8 bits were asked for.</summary>
    public bool PacksSparseCache { get; init; }

    /// <summary>The share of a GPU's memory that it takes at most; it reserves all of it for the cache.</summary>
    public double MemoryShare { get; init; } = 1;

    /// <summary>Whether it lays a model over GPUs as runs of layers, not by dividing each layer.</summary>
    public bool SplitsByLayer { get; init; }

    /// <summary>Residuals of its totals against measurements: the 10th percentile of measured ÷ estimated, and the
    /// 90th.</summary>
    public (double Low, double High) Spread { get; init; } = (1, 1);

    /// <summary>Which weight formats it loads.</summary>
    internal Func<WeightFormat, bool> Loads { get; init; } = static _ => true;

    /// <summary>Which GPUs it runs on.</summary>
    internal Func<Gpu, bool> RunsOn { get; init; } = static _ => true;

    /// <summary>What it changes on a kind of GPU.</summary>
    internal Func<EngineMemory, Gpu, EngineMemory>? AdaptsTo { get; init; }

    /// <summary>Which cache formats it has.</summary>
    internal Func<CacheFormat, bool> Caches { get; init; } = static format => format.BitsPerElement >= 16;

    /// <summary>vLLM.</summary>
    public static EngineMemory Vllm => Engines.Vllm;

    /// <summary>llama.cpp.</summary>
    public static EngineMemory LlamaCpp => Engines.LlamaCpp;

    /// <summary>Hugging Face transformers.</summary>
    public static EngineMemory Transformers => Engines.Transformers;

    /// <summary>Every engine whose memory is known.</summary>
    public static ValueList<EngineMemory> All => Engines.All;

    /// <summary>The engine of a name, in any case.</summary>
    /// <param name="name"><c>vllm</c>, <c>llama.cpp</c> or <c>llama-cpp</c>.</param>
    /// <exception cref="ArgumentException">There is no such engine; the error lists them.</exception>
    public static EngineMemory Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (EngineMemory engine in Engines.All)
        {
            if (string.Equals(engine.Name, name, StringComparison.OrdinalIgnoreCase)
                || string.Equals(engine.Name.Replace('.', '-'), name, StringComparison.OrdinalIgnoreCase))
            {
                return engine;
            }
        }

        throw new ArgumentException($"\"{(name.Length > 40 ? name[..40] + "…" : name)}\" is no engine that memory is known of. "
            + $"Engines: {string.Join(", ", Engines.All.Select(engine => engine.Name))}.", nameof(name));
    }

    /// <summary>The memory of an engine whose speed is known; null where it is not known.</summary>
    /// <param name="engine">The engine.</param>
    public static EngineMemory? Of(EngineProfile engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        foreach (EngineMemory memory in Engines.All)
        {
            if (memory.Name == engine.Name || memory.Name.Replace('.', '-') == engine.Name)
            {
                return memory;
            }
        }

        return null;
    }

    /// <summary>The engine with what it takes on a kind of GPU. vLLM tries itself with 256 sequences and passes of 2,048 tokens
    /// where memory is below 70 GiB, and on A100 (source: vllm-project/vllm, vllm/engine/arg_utils.py, <c>_set_default_args</c>);
    /// llama.cpp's runtime is CUDA's: larger on A100, where a build with cuBLAS was measured, and none on Apple's GPUs.</summary>
    /// <param name="gpu">The GPU.</param>
    public EngineMemory On(Gpu gpu)
    {
        ArgumentNullException.ThrowIfNull(gpu);
        return AdaptsTo?.Invoke(this, gpu) ?? this;
    }

    /// <summary>The engine with passes of another size: vLLM's <c>max_num_batched_tokens</c>, SGLang's
    /// <c>chunked_prefill_size</c>, llama.cpp's <c>n_ubatch</c>. vLLM and llama.cpp keep as many tokens beyond a
    /// window.</summary>
    /// <param name="tokens">The most tokens of one forward pass, 1 to 2³¹ − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public EngineMemory WithPass(long tokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens, int.MaxValue);
        return this with { PassTokens = tokens, WindowTokens = WindowTokens > 0 ? (int)tokens : WindowTokens };
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>Whether it runs on a kind of GPU.</summary>
    /// <param name="gpu">The GPU.</param>
    public bool SupportsGpu(Gpu gpu) => RunsOn(gpu);

    /// <summary>Whether it loads weights of a format and has a cache of another.</summary>
    /// <param name="weights">The weights' format.</param>
    /// <param name="cache">The cache's format.</param>
    public bool Supports(WeightFormat weights, CacheFormat cache) => Loads(weights) && Caches(cache);

    internal void Check(WeightFormat weights, CacheFormat keys, CacheFormat values)
    {
        if (!Loads(weights))
        {
            throw new ArgumentException($"Weights: {Name} does not load {weights.Name}. It loads: "
                + $"{string.Join(", ", WeightFormat.All.Where(Loads).Select(format => format.Name))}.");
        }

        CacheFormat? lacking = !Caches(keys) ? keys : !Caches(values) ? values : null;
        if (lacking is not null)
        {
            throw new ArgumentException($"Keys: {Name} has no {lacking.Name} cache. It has: "
                + $"{string.Join(", ", CacheFormat.All.Where(Caches).Select(format => format.Name))}.");
        }
    }

    /// <summary>How weights lie once loaded.</summary>
    internal WeightFormat Loaded(WeightFormat format) =>
        PadsMxfp4 && format.Name == LinearWeights.Mxfp4.Name ? LinearWeights.Mxfp4Padded
        : QuantizesHead && format is LinearWeights linear ? linear.WithHead
        : format;

    /// <summary>Whether it pads MXFP4's rows to 256 elements.</summary>
    internal bool PadsMxfp4 { get; init; }

    internal CacheLayout Layout(CacheFormat keys, CacheFormat values) =>
        new(keys, values, PageTokens, WindowTokens, StateBytes, ConvolutionBytes, PacksSparseCache);
}

/// <summary>For which tokens an engine computes logits.</summary>
public enum LogitRows
{
    /// <summary>One row a sequence: the last token's.</summary>
    EachSequence,

    /// <summary>Every token of the pass.</summary>
    EachToken,

    /// <summary>A fixed number, whatever the batch.</summary>
    Fixed,
}
