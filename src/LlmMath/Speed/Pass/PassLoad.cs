namespace LlmMath.Speed.Pass;

/// <summary>What one forward pass is given: sequences that write, and prompts that are read beside them.</summary>
internal readonly record struct PassLoad
{
    /// <summary>Sequences that write, of one replica, 0 or more.</summary>
    public double Sequences { get; init; }

    /// <summary>Tokens of each of them: more than 1 where drafts are checked.</summary>
    public double TokensEach { get; init; }

    /// <summary>Tokens cached of each of them.</summary>
    public double Context { get; init; }

    /// <summary>Tokens of prompts in the pass, 0 or more: several prompts, or a part of one.</summary>
    public double PromptTokens { get; init; }

    /// <summary>Tokens of one whole prompt that are to be read, 1 or more where there are any.</summary>
    public double Prompt { get; init; }

    /// <summary>Tokens of each prompt that are cached already.</summary>
    public double Cached { get; init; }

    /// <summary>Whether prompts add products and no reading: less than any order of passes takes, for the bound.</summary>
    public bool PromptsReadNothing { get; init; }

    /// <summary>Whether drafts are checked.</summary>
    public bool ChecksDrafts => TokensEach > 1;

    /// <summary>Tokens that sequences write.</summary>
    public double Written => Sequences * TokensEach;

    /// <summary>Tokens that pass the blocks.</summary>
    public double Tokens => Written + PromptTokens;

    /// <summary>Prompts in the pass: a part of one counts as its share.</summary>
    public double Prompts => PromptTokens > 0 ? PromptTokens / Prompt : 0;

    /// <summary>Tokens that pass the output head: of a prompt the last alone.</summary>
    public double HeadTokens => Written + Prompts;

    /// <summary>Tokens for which weights are read.</summary>
    public double ReadTokens => PromptsReadNothing ? Written : Tokens;

    /// <summary>The same without prompts.</summary>
    public PassLoad Writing => this with { PromptTokens = 0 };

    /// <summary>The same without sequences that write.</summary>
    public PassLoad Reading => this with { Sequences = 0 };
}
