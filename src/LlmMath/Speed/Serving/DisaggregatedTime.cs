using LlmMath.Engines;
using LlmMath.Speed.Pass;

namespace LlmMath.Speed.Serving;

/// <summary>
/// Times where prompts are read on GPUs of their own and the cache is sent to those that write. N requests go round: read by one
/// replica (<see cref="PromptQueue"/>), sent, written by another; nothing else falls between tokens, t = T(n) with n the
/// requests that write. They write for Z = (o − 1) · t, and n = N · Z ÷ (first token + Z) of them do (Little), at most as many
/// as the cache has room for. At the hardware's bound no prompt waits for another, and all write at once.
/// </summary>
internal static class DisaggregatedTime
{
    // Halvings of the interval in which the number of requests lies that write: to 10⁻⁹ of them all.
    private const int Halvings = 30;

    /// <summary>The times of a load.</summary>
    /// <param name="reads">The side that reads prompts.</param>
    /// <param name="writes">The side that writes.</param>
    /// <param name="load">What requests ask of one replica of the side that writes.</param>
    /// <param name="working">Where the working is written, or null.</param>
    public static ServingTime Of(DeployedSpeed reads, DeployedSpeed writes, in ServingLoad load, ServingWorking? working = null)
    {
        (DeployedModel on, EngineConstants c) = (writes.On, writes.Constants);
        double replicas = on.Model.Of.Placement.Data, asked = load.Batch * replicas;
        ServingLoad prompts = load with
        {
            PassTokens = reads.On.Model.KnownEngine.Pass.Tokens ?? double.PositiveInfinity,
            Batch = asked / reads.On.Model.Of.Placement.Data,
        };
        double sent = CacheSent(reads, on, load, working);
        var queue = PromptQueue.Of(reads.On, reads.Constants, prompts, sent, working);
        double room = Math.Max(1, Math.Min(load.Batch, load.Room)) * replicas, writing = room;
        if (!on.IsBound && load.Arrival == Arrival.Continuous)
        {
            writing = Math.Min(room, Writing(on, c, load, queue, asked));
        }

        double running = Running(on, writing);
        PassParts? parts = working is null ? null : new PassParts();
        PassTime step = Step(on, c, load, writing, parts);
        working?.Add("decode", parts!, step.Total);
        double interToken = step.Total * load.StepsOfWriting, away = (load.Output - 1) * interToken;
        double first = (on.IsBound ? queue with { Service = 0 } : queue).FirstToken(away)
            + (load.Yield * ServingTime.Admission(load, running, 1) * interToken);
        double queued = Math.Max(0, ((asked - writing) / writing * away) - first);
        queued = writing < room || asked <= room ? 0 : queued;
        Explain(working, load, queue, running, interToken, first, queued);
        return new(step, queue.One, running, first + queued, interToken, 0, queued);
    }

    /// <summary>Sending a prompt's cache: each GPU of a replica sends its share over its own link, and each that writes takes its
    /// own, t = cached bytes ÷ (link · efficiency), of the side where that is more.</summary>
    private static double CacheSent(DeployedSpeed reads, in DeployedModel on, in ServingLoad load, ServingWorking? working)
    {
        Deployment of = on.Model.Of;
        double tokens = load.Cached + load.Prompt;
        double bytes = Math.Max(
            reads.On.CacheBytesOf(tokens) / (double)reads.On.Pipeline, on.CacheBytesOf(tokens) / (double)on.Pipeline);
        double within = Math.Min(reads.On.StageLinkBytesPerSecond, on.StageLinkBytesPerSecond);
        double link = of.Prefill!.LinkBytesPerSecond / 2
            ?? (of.Gpus > of.Node.Gpus ? Math.Min(within, of.Node.NetworkBytesPerSecond / 2 ?? within) : within);
        double share = Math.Min(1, reads.Constants.LinkEfficiency), sent = bytes / (link * share);
        working?.Add("cache sent", $"{bytes:#,0} bytes ÷ {link:#,0} bytes/s ÷ {share:G6}", sent);
        return sent;
    }

    // The requests that write, of so many: the root of n = N · Z(n) ÷ (first(Z) + Z(n)).
    private static double Writing(in DeployedModel on, EngineConstants c, in ServingLoad load, in PromptQueue queue, double asked)
    {
        double low = 0, high = asked;
        for (int halving = 0; halving < Halvings; halving++)
        {
            double middle = (low + high) / 2;
            double away = (load.Output - 1) * Step(on, c, load, middle, null).Total * load.StepsOfWriting;
            (low, high) = asked * away / (queue.FirstToken(away) + away) > middle ? (middle, high) : (low, middle);
        }

        return high;
    }

    // A stage of a replica works on its share of them.
    private static double Running(in DeployedModel on, double writing) =>
        Math.Max(1, writing / on.Model.Of.Placement.Data / on.Pipeline);

    // Of fewer requests than replicas some replicas have none.
    private static PassTime Step(in DeployedModel on, EngineConstants c, in ServingLoad load, double writing, PassParts? parts) =>
        ForwardPass.Of(on with
        {
            BusyReplicas = on.AttentionReplicas * Math.Min(1, writing / on.Model.Of.Placement.Data),
        }, c, new PassLoad
        {
            Sequences = Running(on, writing), TokensEach = 1 + load.Drafts,
            Context = load.Cached + load.Prompt + (load.Output / 2),
            Prompt = load.Prompt, Cached = load.Cached,
        }, parts);

    private static void Explain(ServingWorking? working, in ServingLoad load, in PromptQueue queue, double running,
        double interToken, double first, double queued)
    {
        if (working is null)
        {
            return;
        }

        double steps = load.StepsOfWriting, share = queue.ShareAtOnce;
        double polls = load.Yield * ServingTime.Admission(load, running, 1);
        double waits = share == 1 ? 0 : Math.Max(0, (first - (polls * interToken) - queue.Beside - (share * queue.AtOnce))
            / (1 - share) - queue.One.Total);
        working.Add("between tokens", $"{steps:G6} × decode: pass", interToken);
        working.Add("prompts before it", $"{waits / queue.One.Total:G6} × one prompt alone", waits);
        working.Add("all at once the mean", $"{queue.AtOnce / queue.One.Total:G6} × one prompt alone", queue.AtOnce);
        working.Add("one of a loop", $"one prompt alone + prompts before it", queue.One.Total + waits);
        double beside = queue.Beside * 1e6, one = 1 - share;
        FormattableString formula =
            $"{beside:G6} µs + {one:G6} × one of a loop + {share:G6} × all at once the mean + {polls:G6} × between tokens";
        working.Add("admitted", formula, first);
        if (queued > 0)
        {
            working.Add("queue for room", $"{queued / interToken:G6} × between tokens", queued);
        }

        working.Add("first token", queued > 0 ? $"admitted + queue for room" : (FormattableString)$"admitted", first + queued);
    }
}
