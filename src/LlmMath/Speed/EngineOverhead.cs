using LlmMath.Engines;
using LlmMath.Placement.Work;
using LlmMath.Speed.Pass;
using LlmMath.Speed.Serving;

namespace LlmMath.Speed;

/// <summary>Seconds that an engine takes beside what any GPU must do for one request at a time: launches, scheduling, its host.
/// No kernel of a pass is faster than the bound of the hardware, and these come on top, so that no estimate of the engine is less
/// than that bound and this together. Launching the layers of prompts may hide behind kernels, and does not count.</summary>
/// <param name="First">To the first token.</param>
/// <param name="Inter">Between tokens.</param>
internal readonly record struct EngineOverhead(double First, double Inter)
{
    // Times are cut to whole ticks: the sum of two that are cut is more than their sum cut by up to one.
    private const double Rounding = 2e-7;

    /// <summary>That of an engine with one request at a time.</summary>
    /// <param name="c">The engine's constants on the GPU.</param>
    /// <param name="work">The model's work, its weights as the engine loads them.</param>
    /// <param name="gpu">The GPU, of which a rate is known.</param>
    /// <param name="over">How the model is laid over its GPUs.</param>
    /// <param name="prompt">Tokens of a prompt that are to be read.</param>
    public static EngineOverhead Of(EngineConstants c, ModelWork work, Gpu gpu, Parallelism over, double prompt)
    {
        LaunchShape on = new(over.Tensor, Math.Max(over.Tensor, over.ExpertDegree), over.Pipeline,
            ComputeRates.Of(gpu, work.Format).RoundsActivations);
        var writing = new PassLoad { Sequences = 1, TokensEach = 1 };
        var reading = new PassLoad { PromptTokens = prompt, Prompt = prompt };
        double first = c.FirstTokenSeconds + ServingLoad.HostSeconds(c, prompt) + Launched(reading);
        return new(Math.Max(0, first - Rounding), Math.Max(0, Launched(writing) - Rounding));

        double Launched(in PassLoad load) => Launches.Of(work, on, c, load, double.PositiveInfinity, null);
    }
}
