namespace LlmMath.Engines;

/// <summary>A time that was measured on a machine of one's own, beside what the profile gives for it: a row of an engine file
/// that was calibrated.</summary>
internal sealed record OwnTime
{
    /// <summary>Where it stood: <c>bench.jsonl, row 3</c>.</summary>
    public required string Row { get; init; }

    /// <summary>Which time it is.</summary>
    public required MeasuredTime Time { get; init; }

    /// <summary>The GPU, as the catalog names it.</summary>
    public required string Gpu { get; init; }

    /// <summary>The processor, as the catalog names it, where it multiplies beside a GPU; null where it does not or was not
    /// named.</summary>
    public string? Host { get; init; }

    /// <summary>The backend that the engine was built for; null where backends are not told apart.</summary>
    public string? Backend { get; init; }

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>What was asked of which model.</summary>
    public required OwnPlace Place { get; init; }

    /// <summary>Milliseconds that the profile gives, above 0.</summary>
    public required double ProfileMilliseconds { get; init; }

    /// <summary>Milliseconds that were measured, above 0.</summary>
    public required double MeasuredMilliseconds { get; init; }
}

/// <summary>What tells how much one measured time says of another on the same machine.</summary>
/// <param name="Parameters">The model's parameters: two names of one shape are one model.</param>
/// <param name="Weights">The format of its weights.</param>
/// <param name="Layout">Where its tensors lie and over how many GPUs.</param>
/// <param name="Tokens">Tokens of the context, 0 or more: of a prompt all of them, of an answer those before its middle.</param>
/// <param name="Requests">Requests at once, 1 or more.</param>
internal readonly record struct OwnPlace(long Parameters, string Weights, string Layout, double Tokens, double Requests);
