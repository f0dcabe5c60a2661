using System.CommandLine;

namespace LlmMath.Cli.Commands;

/// <summary>The options of <c>llmmath memory</c>.</summary>
internal sealed class MemoryOptions
{
    public Argument<string[]> Models { get; } = new("MODEL")
    {
        Description = "Catalog entries, or paths or https addresses of a config.json, a checkpoint or its index; or hf:ORG/NAME.",
        Arity = ArgumentArity.OneOrMore,
    };

    public Option<string?> Weights { get; } = Text("--weights", "FORMAT",
        "Weight format: bf16, fp8, awq-4bit-128g, q4_k_m and so on; a checkpoint's own bytes where MODEL is one.");

    public Option<string> Keys { get; } = new("--kv")
    {
        Description = "Format of cached keys and values: fp16, fp8, q8_0 and so on.",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => "bf16",
    };

    public Option<string?> Values { get; } =
        Text("--kv-values", "FORMAT", "Format of cached values, where it is not that of the keys.");

    public Option<int> Batch { get; } = new("--batch")
    {
        Description = "Sequences at once.", HelpName = "N", DefaultValueFactory = _ => 1,
    };

    public Option<long?> Context { get; } = new("--context")
    {
        Description = "Tokens of each, prompt and answer together; 4,096, or the model's limit if that is less.", HelpName = "N",
    };

    public Option<long?> Prompt { get; } = new("--prompt")
    {
        Description = "Tokens of each prompt; the whole context unless given.", HelpName = "N",
    };

    public Option<long> EncoderTokens { get; } = new("--encoder-tokens")
    {
        Description = "Tokens that an encoder reads for each sequence (T5).", HelpName = "N", DefaultValueFactory = _ => 0,
    };

    public Option<bool> ExtendContext { get; } = new("--extend-context")
    {
        Description = "Allow a context beyond what the model was made for (scaled positions).",
    };

    public Option<string[]> Gpu { get; } = new("--gpu")
    {
        Description = "The GPU that it should fit, by name or as a *.gpu.json; several, as A,B, for GPUs of different size.",
        HelpName = "GPU",
        DefaultValueFactory = _ => [],
    };

    public Option<int?> Memory { get; } = SoldMemory.Option();

    public PlacementOptions Placement { get; } = new();

    public Option<string?> Engine { get; } = Text("--engine", "E",
        "The engine, by name or as a *.engine.json, whose activations and runtime count; \"none\" for weights and cache alone. "
        + "Unless given, the usual one "
        + "for the formats and the GPU. \"llmmath engines\" lists them.");

    public Option<int?> PassTokens { get; } = Number("--pass-tokens",
        "Tokens of one forward pass: vLLM's max_num_batched_tokens, SGLang's chunked_prefill_size, llama.cpp's ubatch; "
        + "the engine's own on that GPU unless given.");

    public Option<int?> Sequences { get; } = Number("--max-num-seqs",
        "The batch that vLLM profiles its memory with at start; 256 or 1,024 by GPU unless given.");

    public Option<double?> Share { get; } = new("--gpu-memory-utilization")
    {
        Description = "The share of a GPU's memory that the engine takes, above 0 to 1.", HelpName = "X",
    };

    public Option<string?> Draft { get; } =
        Text("--draft", "MODEL", "A draft model for speculative decoding, stored like the model.");

    public Option<int?> DraftTokens { get; } = Number("--draft-tokens",
        "Tokens drafted at each step: the model's own blocks for that (MTP) are counted. One without any takes --draft.");

    public Option<int?> Lora { get; } = Number("--lora", "LoRA adapters kept ready.");

    public Option<int> LoraRank { get; } = new("--lora-rank")
    {
        Description = "Their rank.", HelpName = "N", DefaultValueFactory = _ => 16,
    };

    public Option<long?> PrefixCache { get; } = new("--prefix-cache")
    {
        Description = "Tokens of earlier prompts whose keys and values are kept.", HelpName = "N",
    };

    public Option<bool> Vision { get; } = new("--vision")
    {
        Description = "Count the vision tower, where a published count says how large it is.",
    };

    public LocalOptions Local { get; } = new();

    public Option<bool> Explain { get; } = new("--explain") { Description = "Show the working, row by row." };

    public Option<string?> Plot { get; } = CommonOptions.Plot("the parts, of one model,");

    public Option<bool> Json { get; } = CommonOptions.Json();

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(Models);
        Option[] options = [Weights, Keys, Values, Batch, Context, Prompt, EncoderTokens, ExtendContext, Gpu, Memory,
            .. Placement.All, Engine, PassTokens, Sequences, Share, Draft, DraftTokens, Lora, LoraRank, PrefixCache, Vision,
            Explain, Plot, Json];
        foreach (Option option in options)
        {
            command.Add(option);
        }

        Local.AddTo(command);
    }

    private static Option<string?> Text(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value };

    private static Option<int?> Number(string name, string description) =>
        new(name) { Description = description, HelpName = "N" };
}
