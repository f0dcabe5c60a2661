using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>What keeping something buys: memory for time. Both sides are estimates of the same engine.</summary>
/// <param name="Kept">What is kept.</param>
/// <param name="Bytes">Bytes that it takes.</param>
/// <param name="With">The time with it.</param>
/// <param name="Without">The time without.</param>
public sealed record CacheTrade(string Kept, ByteSize Bytes, TimeRange With, TimeRange Without)
{
    /// <summary>How many times longer it takes without.</summary>
    public double Gain => Without.Expected / With.Expected;

    /// <summary>What keys and values of one answer buy: with them a token is one decoding step, without them each token is read
    /// out of the whole sequence so far. The latter is Simpson's rule over the times to read a prompt of the first, the middle
    /// and the last length, times tokens: they grow smoothly.</summary>
    /// <param name="on">The deployment.</param>
    /// <param name="workload">What is asked; one request of it counts.</param>
    /// <exception cref="ArgumentException">Something cannot be, or a figure that is needed is not known.</exception>
    public static CacheTrade OfAnswer(Deployment on, Workload workload)
    {
        ArgumentNullException.ThrowIfNull(on);
        ArgumentNullException.ThrowIfNull(workload);
        Workload one = workload with { Requests = 1, CachedPromptTokens = 0, Speculation = null };
        // What cannot be is refused before anything is counted.
        TimeRange with = on.Speed(one).TotalTime;
        long last = one.OutputTokens - 1;
        if (one.PromptTokens > long.MaxValue - last)
        {
            throw EstimateException.TooLarge(nameof(Workload.Context), "the sequence");
        }

        TimeRange first = Read(0), middle = Read(last / 2), end = Read(last);
        return new("keys and values of an answer", on.Memory(one).KeyValueCache, with,
            new(Simpson(time => time.Low), Simpson(time => time.Expected), Simpson(time => time.High)));

        TimeRange Read(long written) =>
            on.Speed(one with { PromptTokens = one.PromptTokens + written, OutputTokens = 1 }).TimeToFirstToken;

        TimeSpan Simpson(Func<TimeRange, TimeSpan> of) =>
            TimeRange.Span((of(first).TotalSeconds + (4 * of(middle).TotalSeconds) + of(end).TotalSeconds) / 6
                * one.OutputTokens);
    }

    /// <summary>What the keys and values of a prompt's beginning buy that all requests share: the time to the first
    /// token.</summary>
    /// <param name="on">The deployment.</param>
    /// <param name="workload">What is asked.</param>
    /// <param name="sharedTokens">Tokens of the beginning, 1 to one less than the prompt.</param>
    /// <exception cref="ArgumentException">Something cannot be, or a figure that is needed is not known.</exception>
    public static CacheTrade OfPrefix(Deployment on, Workload workload, long sharedTokens)
    {
        ArgumentNullException.ThrowIfNull(on);
        ArgumentNullException.ThrowIfNull(workload);
        TimeRange without = on.Speed(workload with { CachedPromptTokens = 0 }).TimeToFirstToken;
        if (sharedTokens < 1 || sharedTokens >= workload.PromptTokens)
        {
            throw new EstimateException(nameof(sharedTokens),
                $"1 to {NumberText.N(workload.PromptTokens - 1)} is right, one token of the prompt must be read; "
                + $"it is {NumberText.N(sharedTokens)}.");
        }

        return new($"the first {NumberText.N(sharedTokens)} tokens of every prompt",
            on.Memory(Workload.OfContext(sharedTokens)).KeyValueCache,
            on.Speed(workload with { CachedPromptTokens = sharedTokens }).TimeToFirstToken, without);
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(CacheTrade), PrintMembers);
}
