using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>What a service is for: lengths from traces of real requests, and limits that people set for such services. Whoever
/// says neither gets these, and they are printed.</summary>
/// <param name="Name"><c>chat</c>, <c>retrieval</c>, <c>code</c>, <c>summary</c> or <c>batch</c>.</param>
/// <param name="Prompt">Tokens of prompts.</param>
/// <param name="Output">Tokens of answers.</param>
/// <param name="PeakFactor">Requests in the busiest minute over those in the mean.</param>
/// <param name="TimeToFirstToken">The limit of the time to the first token; null for none.</param>
/// <param name="InterTokenLatency">The limit of the time between tokens; null for none.</param>
/// <param name="Source">Where the lengths were read. The limits are a choice: at 100 ms a token, text flows twice as fast as
/// people read.</param>
public sealed record UseCase(string Name, TokenLengths Prompt, TokenLengths Output, double PeakFactor,
    LatencyLimit? TimeToFirstToken, LatencyLimit? InterTokenLatency, Citation Source)
{
    /// <summary>People talk to it: 19,366 requests of an hour.</summary>
    public static UseCase Chat { get; } = new("chat", TokenLengths.Described(1154.7, 1020, 4083),
        TokenLengths.Described(211.1, 129, 451), 1.52, LatencyLimit.Of(2000), LatencyLimit.Of(100), Azure("conv"));

    /// <summary>Answers from long documents that stand in the prompt: 3,993 requests.</summary>
    public static UseCase Retrieval { get; } = new("retrieval", TokenLengths.Described(15325.5, 11587, 48904.6),
        TokenLengths.Described(149.1, 69, 519), 1.17, LatencyLimit.Of(6000), LatencyLimit.Of(100), new(
            "kvcache-ai/Mooncake@3b5a59413395:FAST25-release/traces/synthetic_trace.jsonl", "Apache-2.0"));

    /// <summary>Completions while people write code: 8,819 requests of an hour.</summary>
    public static UseCase Code { get; } = new("code", TokenLengths.Described(2047.8, 1469, 7303.3),
        TokenLengths.Described(27.9, 13, 90), 4.18, LatencyLimit.Of(500), LatencyLimit.Of(50), Azure("code"));

    /// <summary>Summaries of articles: 28,257 of arXiv.</summary>
    public static UseCase Summary { get; } = new("summary", TokenLengths.Described(2588.1, 2730, 3813),
        TokenLengths.Described(291.4, 167, 736.2), 1.5, LatencyLimit.Of(6000), LatencyLimit.Of(100), Articles());

    /// <summary>The same articles with nobody waiting.</summary>
    public static UseCase Batch { get; } = new("batch", TokenLengths.Described(2588.1, 2730, 3813),
        TokenLengths.Described(291.4, 167, 736.2), 1, null, null, Articles());

    /// <summary>All of them.</summary>
    public static ValueList<UseCase> All { get; } = [Chat, Retrieval, Code, Summary, Batch];

    /// <summary>The use case of a name, in any case.</summary>
    /// <param name="name"><c>chat</c>.</param>
    /// <exception cref="UnknownNameException">There is no such use case; the error lists all.</exception>
    public static UseCase Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new UnknownNameException(name, "is no use case", "Use cases", [.. All.Select(one => one.Name)]);
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    private static Citation Azure(string kind) => new(
        $"Azure/AzurePublicDataset@b469a113cedc:data/AzureLLMInferenceTrace_{kind}.csv (Patel et al., Splitwise, ISCA 2024)",
        "CC BY 4.0");

    private static Citation Articles() => new("microsoft/vidur@7d47513363ec:data/processed_traces/"
        + "arxiv_summarization_stats_llama2_tokenizer_filtered_v2.csv", "MIT");
}
