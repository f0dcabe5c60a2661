using LlmMath.Architectures;
using LlmMath.Engines;

namespace LlmMath.Speed;

/// <summary>Times of serving, in seconds, and what they are made of.</summary>
/// <param name="Step">One decoding pass.</param>
/// <param name="Prefill">Prefill of one prompt.</param>
/// <param name="Running">Requests that one stage runs at once: fewer than asked where the cache has no room.</param>
/// <param name="FirstToken">From a request's arrival to its first token.</param>
/// <param name="InterToken">Between its tokens.</param>
/// <param name="Interleaved">The part of that which is other requests' prefill.</param>
/// <param name="Queued">The part of the time to the first token that waits for room in the cache.</param>
internal readonly record struct ServingTime(
    PassTime Step, PassTime Prefill, double Running, double FirstToken, double InterToken, double Interleaved, double Queued)
{
    /// <summary>
    /// Steady state of continuous batching: while a request writes its <c>o</c> tokens, each of the others that run beside it is
    /// read once, so that their prefill falls between its tokens: t = step ÷ yield + share · (running − 1) · prefill ÷ o. A new
    /// request waits for what is under way and behind others that came with it. Where the cache has room for r of b requests, it
    /// waits for (b − r) ÷ r others to be answered, each from its admission to its last token: w + (o − 1) · t.
    /// </summary>
    public static ServingTime Of(in DeployedModel on, EngineConstants c, in ServingLoad load)
    {
        double context = load.Cached + load.Prompt + (load.Output / 2);
        double admitted = Math.Max(1, Math.Min(load.Batch, load.Room));
        // A stage works on its share of the requests while the other stages work on theirs.
        double running = Math.Max(1, admitted / on.Pipeline);
        PassTime step = Roofline.Decode(on, c, running, 1 + load.Drafts, context);
        PassTime prefill = Roofline.Prefill(on, c, load.Prompt, load.Cached, load.PassTokens);
        double others = running - 1, read = prefill.Total;
        bool interleaves = load.Arrival == Arrival.Continuous;
        double interleaved = interleaves ? c.InterleavedShare * others * read / load.Output : 0;
        double interToken = (step.Total * (1 + (load.Drafts * load.DraftCost)) / load.Yield) + interleaved;
        double first = c.FirstTokenSeconds + (on.Work.LayersWith(MixerOverhead.Latent) * c.LatentWaitSeconds)
            + load.Arrival switch
        {
            Arrival.Continuous => ((c.StepsWaited + Admission(load, running)) * interToken)
                + (read * (c.OwnPrefill + QueuedPrefills(c, others))),
            Arrival.Together => read * (c.OwnPrefill + others),
            _ => (read * c.OwnPrefill) + CacheSent(on, c, load),
        };
        double wave = first + ((load.Output - 1) * interToken);
        double queued = load.Batch > admitted ? (load.Batch - admitted) / admitted * wave : 0;
        return new(step, prefill, running, first + queued, interToken, interleaved, queued);
    }

    /// <summary>
    /// Prefills of n others that a new request waits for: q · n^e. Each of them is read once while it waits, so that these are n
    /// at most, and e is 1 at most: with more, more requests would write fewer tokens a second, all of them together.
    /// </summary>
    public static double QueuedPrefills(EngineConstants c, double others) =>
        Math.Min(1, c.QueuedPrefill) * Math.Pow(others, Math.Min(1, c.QueueExponent));

    /// <summary>
    /// Steps before a new request is admitted. Requests come at any time between two looks, p steps apart: (p − 1) ÷ 2 steps more
    /// than without. Where the first waits g steps for others, λ = r ÷ o of which come a step (o steps an answer, r run), those
    /// wait half as long on average: g · (1 + λg ÷ 2) ÷ (1 + λg).
    /// </summary>
    public static double Admission(in ServingLoad load, double running)
    {
        double gathered = load.GatherSteps * running / load.Output;
        return ((load.PollSteps - 1) / 2) + (load.GatherSteps * (1 + (gathered / 2)) / (1 + gathered));
    }

    /// <summary>Sending a prompt's cache from the GPUs that read it to those that write: each GPU of a replica sends its share
    /// over its own link, t = its cached bytes ÷ (link · efficiency).</summary>
    public static double CacheSent(in DeployedModel on, EngineConstants c, in ServingLoad load) =>
        on.CacheBytesOf(load.Cached + load.Prompt) / (on.LinkBytesPerSecond * c.LinkEfficiency);
}
