using LlmMath.Basics;
using LlmMath.Memory;
using LlmMath.Placement;
using LlmMath.Placement.Cache;
using LlmMath.Placement.Shards;
using LlmMath.Placement.Weights;

namespace LlmMath;

/// <summary>What a model takes in memory.</summary>
public static class ModelMemory
{
    /// <summary>Bytes of a model's weights, tensor by tensor as the scheme stores them. Allocates nothing.</summary>
    /// <param name="model">The model.</param>
    /// <param name="format">How its weights are stored.</param>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The model's sizes in this format exceed 2⁶³ − 1 bytes.</exception>
    public static ByteSize WeightMemory(this ModelDefinition model, WeightFormat format)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(format);
        try
        {
            return new(WeightFold.Sum(model.Architecture, format, Shard.Whole));
        }
        catch (Exception error) when (error is OverflowException or EstimateException { IsTooLarge: true })
        {
            throw TooLarge.Of(nameof(model), $"{model.Name}: its weights in {format}", "it has sizes that no model has");
        }
    }

    /// <summary>Bytes of a model's checkpoint, tensor by tensor: the decoder's and those of what stands beyond it
    /// (<see cref="Architectures.Architecture.Additions"/>: blocks for prediction, tables), without headers and without what is
    /// not counted (towers).</summary>
    /// <param name="model">The model.</param>
    /// <param name="format">How its tensors are stored: its <see cref="ModelDefinition.CheckpointFormat"/>, or another.</param>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The model's sizes in this format exceed 2⁶³ − 1 bytes.</exception>
    public static ByteSize CheckpointSize(this ModelDefinition model, WeightFormat format)
    {
        ByteSize decoder = model.WeightMemory(format);
        try
        {
            return decoder + new ByteSize(model.Architecture.Additions.Sum(addition => WeightFold.Sum(addition, format)));
        }
        catch (OverflowException)
        {
            throw TooLarge.Of(nameof(model), $"{model.Name}: its checkpoint in {format}", "it has sizes that no model has");
        }
    }

    /// <summary>Bytes that one more token of one sequence adds to the cache while the context is shorter than every
    /// window.</summary>
    /// <param name="model">The model.</param>
    /// <param name="keys">Number format of keys; bf16 unless stated.</param>
    /// <param name="values">Number format of values; that of the keys unless stated.</param>
    /// <param name="beyondWindows">Whether all windows are full: then their layers add nothing.</param>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The model's sizes exceed 2⁶³ − 1 bytes.</exception>
    public static ByteSize KeyValueBytesPerToken(this ModelDefinition model, CacheFormat? keys = null, CacheFormat? values = null,
        bool beyondWindows = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        try
        {
            return new(CacheFold.PerToken(model.Architecture, Layout(keys, values), Shard.Whole, beyondWindows));
        }
        catch (Exception error) when (error is OverflowException or EstimateException { IsTooLarge: true })
        {
            throw TooLarge.Of(nameof(model), $"{model.Name}: a cached token of it", "it has sizes that no model has");
        }
    }

    /// <summary>Bytes of cached keys, values and states of one sequence.</summary>
    /// <param name="model">The model.</param>
    /// <param name="context">Tokens so far, 0 or more.</param>
    /// <param name="keys">Number format of keys; bf16 unless stated.</param>
    /// <param name="values">Number format of values; that of the keys unless stated.</param>
    /// <param name="encoderTokens">Tokens that an encoder read, 0 or more.</param>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of tokens is negative, or so many take more than 2⁶³ − 1
    /// bytes.</exception>
    public static ByteSize KeyValueCacheMemory(this ModelDefinition model, long context, CacheFormat? keys = null,
        CacheFormat? values = null, long encoderTokens = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegative(context);
        ArgumentOutOfRangeException.ThrowIfNegative(encoderTokens);
        try
        {
            return new(CacheFold.Sum(model.Architecture, Layout(keys, values), Shard.Whole, context, encoderTokens));
        }
        catch (Exception error) when (error is OverflowException or EstimateException { IsTooLarge: true })
        {
            throw TooLarge.Of(nameof(context), $"{model.Name}: the cache of so many tokens");
        }
    }

    /// <summary>Bytes that one sequence holds whatever its length: recurrent and convolution states, the latter in 16
    /// bits.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The model's sizes exceed 2⁶³ − 1 bytes.</exception>
    public static ByteSize StateMemory(this ModelDefinition model)
    {
        ArgumentNullException.ThrowIfNull(model);
        try
        {
            return new(CacheFold.State(model.Architecture, Layout(null, null), Shard.Whole));
        }
        catch (Exception error) when (error is OverflowException or EstimateException { IsTooLarge: true })
        {
            throw TooLarge.Of(nameof(model), $"{model.Name}: its states", "it has sizes that no model has");
        }
    }

    /// <summary>What a workload takes of a deployment: weights and cached state, and with an engine its activations and runtime.
    /// Whether that fits the deployment's GPUs, the estimate says; it is never thrown. Allocates nothing once the deployment was
    /// asked about.</summary>
    /// <param name="deployment">What serves.</param>
    /// <param name="workload">What is asked of it.</param>
    /// <exception cref="EstimateException">The deployment or the workload holds something that cannot be; the error names
    /// it.</exception>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The sizes exceed 2⁶³ − 1 bytes; the error names what is too
    /// much.</exception>
    public static MemoryEstimate Memory(this Deployment deployment, Workload workload)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(workload);
        workload.Check(deployment.Model.Architecture.ContextLength);
        try
        {
            PlacedModel on = deployment.Placed.WithTensorsThatTheEngineKeeps();
            return new(on, workload, InferenceFold.Sum(on, workload.Load));
        }
        catch (Exception error) when (error is OverflowException or EstimateException { IsTooLarge: true })
        {
            throw TooMuch.Of(deployment, workload.Load);
        }
    }

    /// <summary>What a workload takes of the GPUs that only read prompts: all weights, and the cache of the prompts in flight,
    /// which are those of a pass and as many on their way to the GPUs that write, n = min(requests, 2 · ⌈pass ÷ prompt⌉) of each
    /// replica. Null where the deployment's GPUs read and write.</summary>
    /// <param name="deployment">What serves.</param>
    /// <param name="workload">What is asked of it.</param>
    /// <exception cref="EstimateException">The deployment or the workload holds something that cannot be; the error names
    /// it.</exception>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The sizes exceed 2⁶³ − 1 bytes; the error names what is too
    /// much.</exception>
    public static MemoryEstimate? PrefillMemory(this Deployment deployment, Workload workload)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(workload);
        workload.Check(deployment.Model.Architecture.ContextLength);
        if (deployment.Placed.Prefill is not { } side)
        {
            return null;
        }

        int replicas = side.Of.Placement.Data, pass = side.Engine?.Pass.Tokens ?? int.MaxValue;
        long read = workload.PromptTokens >= pass ? 2 : 2 * ((pass + workload.PromptTokens - 1) / workload.PromptTokens);
        int flying = (int)Math.Min(read, workload.Load.OfReplica(replicas));
        return side.Of.Memory(new(workload.PromptTokens, 0, (int)Math.Min(int.MaxValue, (long)flying * replicas))
        {
            EncoderTokens = workload.EncoderTokens, ExtendsContext = workload.ExtendsContext,
        });
    }

    /// <summary>The same of a model without a deployment: on one GPU, of which none is named.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weights">How its weights are stored.</param>
    /// <param name="batch">Sequences at once, 1 or more.</param>
    /// <param name="context">Tokens of each, 1 or more and at most what the model was made for.</param>
    /// <param name="cache">Number format of keys and values; bf16 unless stated.</param>
    /// <param name="engine">The engine; null for weights and cached state alone.</param>
    /// <exception cref="EstimateException">An argument is out of range, or the engine lacks a format.</exception>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The sizes exceed 2⁶³ − 1 bytes; the error names what is too
    /// much.</exception>
    public static MemoryEstimate InferenceMemory(this ModelDefinition model, WeightFormat weights, int batch = 1,
        long context = 1, CacheFormat? cache = null, Engine? engine = null) =>
        new Deployment(model, null, engine, weights) { Keys = cache ?? CacheFormat.Bf16 }
            .Memory(Workload.OfContext(context, batch));

    private static CacheLayout Layout(CacheFormat? keys, CacheFormat? values) =>
        CacheLayout.Plain(keys ?? CacheFormat.Bf16, values ?? keys ?? CacheFormat.Bf16);
}
