using LlmMath.Memory;
using LlmMath.Placement;

namespace LlmMath.Speed.Serving;

/// <summary>What requests ask of one replica.</summary>
internal readonly record struct ServingLoad
{
    // Where nothing is said, requests come as benchmarks of servers send them: so many at once, each answer followed by the next
    // request, ten times as many in all. Source: github:SemiAnalysisAI/InferenceX@626932a11, benchmarks/benchmark_lib.sh
    // (--num-prompts is 10 times --max-concurrency).
    internal const double BenchmarkRounds = 10;

    /// <summary>Tokens of a prompt that are to be read, 1 or more.</summary>
    public required double Prompt { get; init; }

    /// <summary>Tokens of it that are cached already.</summary>
    public required double Cached { get; init; }

    /// <summary>Tokens written for each request.</summary>
    public required double Output { get; init; }

    /// <summary>Requests at once of one replica.</summary>
    public required double Batch { get; init; }

    /// <summary>Requests for which a replica has room, all its stages together, while they stand on average in the middle of
    /// their answers; at most those asked for, 0 where not even one fits.</summary>
    public required double Room { get; init; }

    /// <summary>The same where each is at its whole length.</summary>
    public double RoomAtEnd { get; init; }

    /// <summary>The most tokens of a prefill pass.</summary>
    public required double PassTokens { get; init; }

    /// <summary>How requests arrive.</summary>
    public required Arrival Arrival { get; init; }

    /// <summary>The share of requests that arrive all at once, before the others come one by one: 1 ÷ rounds.</summary>
    public double FirstRound { get; init; }

    /// <summary>Whether requests come and go in a running batch.</summary>
    public bool IsContinuous { get; init; }

    /// <summary>Steps between looks at new requests.</summary>
    public required double PollSteps { get; init; }

    /// <summary>Steps that the first of new requests waits for others.</summary>
    public double GatherSteps { get; init; }

    /// <summary>Tokens drafted at each step; 0 without speculative decoding.</summary>
    public double Drafts { get; init; }

    /// <summary>Tokens that a step is expected to yield, 1 or more.</summary>
    public double Yield { get; init; }

    /// <summary>Cost of drafting one token, in decoding passes.</summary>
    public double DraftCost { get; init; }

    /// <summary>Passes that only write, and drafts, that one token takes: (1 + drafts · cost) ÷ tokens a step.</summary>
    public double StepsOfWriting => (1 + (Drafts * DraftCost)) / Yield;

    /// <summary>Whether no two prompts come at once.</summary>
    public bool ComesOneByOne => Arrival == Arrival.Continuous && FirstRound == 0 && Output > 1;

    /// <summary>Whether others' prompts fall between a request's tokens throughout. Requests in step fall apart where passes do
    /// both, and keep together where prompts are read in passes of their own. Answers of one token are never under way.</summary>
    public bool Interleaves(bool readsPromptsApart) => Output > 1 && (Arrival == Arrival.Continuous
        || (Arrival == Arrival.InStep && !readsPromptsApart));

    /// <summary>The share of requests that come all at once.</summary>
    public double ShareAtOnce(bool readsPromptsApart) => Interleaves(readsPromptsApart) ? FirstRound : 1;

    /// <summary>Seconds in which the host takes up one request: its own time, and that of each token of its prompt.</summary>
    public double HostSeconds(Engines.EngineConstants c) => HostSeconds(c, Prompt);

    /// <summary>The same of a prompt of so many tokens.</summary>
    public static double HostSeconds(Engines.EngineConstants c, double prompt) =>
        c.RequestSeconds + (prompt * c.PromptTokenSeconds);

    /// <summary>What a workload asks of one replica.</summary>
    public static ServingLoad Of(PlacedModel model, Workload workload)
    {
        int asked = workload.Load.OfReplica(model.Of.Placement.Data);
        double atEnd = RoomAt(model, workload, workload.Context, asked);
        return new()
        {
            Prompt = workload.PromptTokens - workload.CachedPromptTokens,
            Cached = workload.CachedPromptTokens,
            Output = workload.OutputTokens,
            Batch = (double)workload.Requests / model.Of.Placement.Data,
            RoomAtEnd = atEnd,
            Room = atEnd >= asked ? atEnd
                : BatchRoom.Mean(model, workload.Load with
                {
                    Context = workload.Context - workload.OutputTokens + (workload.OutputTokens / 2),
                }, Math.Min(asked, BatchRoom.Most)),
            PassTokens = model.KnownEngine.Pass.Tokens ?? double.PositiveInfinity,
            Arrival = workload.Arrival
                ?? (model.KnownEngine.KnownSpeed().IsContinuous ? Arrival.Continuous : Arrival.Together),
            FirstRound = workload.Arrival is null ? 1 / BenchmarkRounds : 0,
            IsContinuous = model.KnownEngine.KnownSpeed().IsContinuous,
            PollSteps = workload.PollSteps,
            GatherSteps = workload.GatherSteps,
            Drafts = workload.Speculation?.DraftTokens ?? 0,
            Yield = workload.Speculation?.TokensPerStep ?? 1,
            DraftCost = workload.Speculation?.DraftCost ?? 0,
        };
    }

    /// <summary>Sequences that write, each at a context, with no prompt to read.</summary>
    public static ServingLoad Writing(double sequences, double context) => new()
    {
        Prompt = 1, Cached = context - 1, Output = 1, Batch = sequences, Room = sequences, RoomAtEnd = sequences,
        PassTokens = double.PositiveInfinity, Arrival = Arrival.Continuous, IsContinuous = true, PollSteps = 1, Yield = 1,
    };

    /// <summary>Requests of one replica for which memory has room at a context, as <see cref="BatchRoom"/> finds them, at most as
    /// many as are asked for; infinite where nobody sourced the GPU's memory.</summary>
    public static double RoomAt(PlacedModel model, Workload workload, long context, int most = BatchRoom.Most) =>
        RoomAt(model, workload.Load with { Context = context }, most);

    /// <summary>The same of sequences; their number does not matter.</summary>
    public static double RoomAt(PlacedModel model, in SequenceLoad load, int most = BatchRoom.Most) =>
        model.KnownGpu.IsMemoryKnown ? BatchRoom.Of(model, load, Math.Min(most, BatchRoom.Most)) : double.PositiveInfinity;
}
