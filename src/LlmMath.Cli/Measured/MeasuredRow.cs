using LlmMath.Engines;

namespace LlmMath.Cli.Measured;

/// <summary>A measured time as a benchmark's file tells it; null is what the file does not say.</summary>
internal sealed record MeasuredRow
{
    /// <summary>Where it stands: <c>bench.jsonl, row 3</c>.</summary>
    public required string Row { get; init; }

    /// <summary>The engine that was measured, by the catalog's name.</summary>
    public string? Engine { get; init; }

    /// <summary>The model's name, perhaps that of its file.</summary>
    public string? Model { get; init; }

    /// <summary>Its parameters as the tool counted them.</summary>
    public long? Parameters { get; init; }

    /// <summary>Bytes of its weights as the tool counted them.</summary>
    public long? ModelBytes { get; init; }

    /// <summary>The weights' format, by its usual name.</summary>
    public string? Weights { get; init; }

    /// <summary>The GPU, or the processor where no GPU took part, as the tool prints it.</summary>
    public string? Gpu { get; init; }

    /// <summary>How many of it.</summary>
    public int? Gpus { get; init; }

    /// <summary>GPUs that share each layer.</summary>
    public int? Tensor { get; init; }

    /// <summary>The processor beside it.</summary>
    public string? Host { get; init; }

    /// <summary>Gigabytes a second of system memory.</summary>
    public double? Bandwidth { get; init; }

    /// <summary>The processor's threads.</summary>
    public int? Threads { get; init; }

    /// <summary>What the engine was built for.</summary>
    public string? Backend { get; init; }

    /// <summary>Whether with flash attention.</summary>
    public bool? Flash { get; init; }

    /// <summary>Format of the cache.</summary>
    public string? Cache { get; init; }

    /// <summary>The most tokens of a pass.</summary>
    public int? Pass { get; init; }

    /// <summary>Layers on the GPU.</summary>
    public int? Layers { get; init; }

    /// <summary>First layers whose experts lie in system memory.</summary>
    public int? ExpertLayers { get; init; }

    /// <summary>Whether no GPU copies weights of system memory.</summary>
    public bool WeightsStay { get; init; }

    /// <summary>Rules of tensors, as <c>-ot</c> has them.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Which time it is.</summary>
    public required MeasuredTime Time { get; init; }

    /// <summary>Tokens of each prompt that were read, 0 or more.</summary>
    public int Prompt { get; init; }

    /// <summary>Tokens that were in the cache before, 0 or more.</summary>
    public int Cached { get; init; }

    /// <summary>Tokens written for each.</summary>
    public int Output { get; init; }

    /// <summary>Requests at once.</summary>
    public int Requests { get; init; } = 1;

    /// <summary>Whether they came all at once, and no further ones.</summary>
    public bool IsTogether { get; init; }

    /// <summary>Seconds.</summary>
    public required double Seconds { get; init; }
}

/// <summary>A file's rows, and what of it says nothing, each with the reason.</summary>
internal sealed record MeasuredFile(IReadOnlyList<MeasuredRow> Rows, IReadOnlyList<string> LeftOut);
