using LlmMath.Architectures;
using LlmMath.Engines;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary>What it is asked of: formats, engine, GPUs, and what lies beside the model.</summary>
internal sealed partial record MemoryQuestion
{
    /// <summary>The deployment of one model.</summary>
    /// <exception cref="CliException">Something is missing or cannot be.</exception>
    public Deployment DeploymentOf(ModelArgument argument, ModelDefinition model)
    {
        bool isStored = Weights is null && argument.Header is not null;
        if (isStored && argument.Header!.Bytes < LeastBits / 8 * model.ParameterCount())
        {
            throw new CliException($"{argument.Name}: holds {N(argument.Header.Bytes)} bytes, too few for the "
                + $"{N(model.ParameterCount())} parameters of its definition: "
                    + $"give the whole checkpoint, by its index or first file.");
        }

        WeightFormat weights = !isStored ? OwnWeights.Or(Weights, model, argument.Weights, "--weights")
            : argument.Header!.Format == "gguf" ? WeightFormat.Q8 : WeightFormat.Bf16;
        Engine? engine = EngineFor(weights);
        var on = new Deployment(model, Gpus.Count == 1 ? Gpus[0] : null, engine, weights)
        {
            StoredWeights = isStored ? new(argument.Header!.Bytes) : null,
            Keys = Keys,
            Values = Values,
            Additions = [.. Additions(model, weights)],
        };
        return Machine.On(Placement.On(on, engine));
    }

    private Engine? EngineFor(WeightFormat weights)
    {
        if (Engine == "none")
        {
            return EngineCatalog.Bound;
        }

        Engine? engine = Engine is { } name ? OptionWords.Memory.Named("--engine", () => EngineCatalog.Load(name))
            : EngineCatalog.UsualFor(weights, Keys, Values, Gpus);
        if (engine is null)
        {
            // Formats that no engine of the catalog has: weights and cache alone, as the answer says.
            return EngineCatalog.UsualFor(weights, Keys) is null ? null
                : throw new CliException($"no engine loads {weights} with a cache in {Keys}"
                    + (Gpus.Count > 0 ? $" on {Gpus[0]}" : "") + ": give --engine none for weights and cache alone.");
        }

        if (Gpus.FirstOrDefault(gpu => !engine.SupportsGpu(gpu)) is { } foreign)
        {
            throw new CliException($"--engine: {engine} does not run on {foreign.Vendor}'s {foreign}.");
        }

        engine = Gpus.Count > 0 ? engine.On(Gpus[0]) : engine;
        engine = PassTokens is { } pass ? engine.WithPass(pass) : engine;
        if (Sequences is { } sequences)
        {
            engine = engine.Pass.LogitRows == LogitRows.Fixed
                ? engine with { Pass = engine.Pass with { FixedLogitRows = sequences } }
                : throw new CliException($"--max-num-seqs: {engine} does not profile its memory with a number of sequences.");
        }

        return Share is { } share ? engine.WithShare(share) : engine;
    }

    private IEnumerable<MemoryAddition> Additions(ModelDefinition model, WeightFormat weights)
    {
        if (Draft is { } draft)
        {
            ModelDefinition other = OptionWords.Memory.Named("--draft", () => ModelArgument.Resolve(draft).Required);
            yield return OptionWords.Memory.Named("--draft", () =>
                MemoryAddition.Draft(other, weights, Batch, Context ?? UsualContext, Keys, Values));
        }

        if (Lora is { } adapters)
        {
            yield return OptionWords.Memory.Named("--lora", () => MemoryAddition.LoraAdapters(model, adapters, LoraRank));
        }

        if (PrefixCache is { } tokens)
        {
            yield return OptionWords.Memory.Named("--prefix-cache",
                () => MemoryAddition.PrefixCache(model, tokens, Keys, Values));
        }

        if (Vision)
        {
            yield return MemoryAddition.VisionTower(model);
        }
    }
}
