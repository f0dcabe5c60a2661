namespace LlmMath.Engines;

/// <summary>Which time somebody measured.</summary>
public enum MeasuredTime
{
    /// <summary>Reading a prompt, without writing: llama-bench's <c>pp512</c>.</summary>
    Prompt,

    /// <summary>From a request's arrival at a server to its first token.</summary>
    FirstToken,

    /// <summary>Between two tokens of one answer: llama-bench's <c>tg128</c>, a server's TPOT.</summary>
    BetweenTokens,
}
