namespace LlmMath.Cli.Tests;

/// <summary>What a shell is told while a line is typed.</summary>
public class CompletionTests
{
    [Theory]
    [InlineData("llmmath par", "params")]
    [InlineData("llmmath params opt-35", "opt-350m")]
    [InlineData("llmmath memory opt-350m --gpu rtx-509", "rtx-5090")]
    [InlineData("llmmath memory opt-350m --weights q4_k", "q4_k_m")]
    [InlineData("llmmath speed opt-350m --engine vl", "vllm")]
    [InlineData("llmmath models --fam", "--family")]
    public void TheWordIsCompleted(string line, string word)
    {
        Assert.Contains(word, Suggested("[suggest]", line));
        Assert.Contains(word, Suggested($"[suggest:{line.Length}]", line + " and what stands behind"));
    }

    [Theory]
    [InlineData("[suggest]")]
    [InlineData("[suggest:99999999999]", "llmmath")]
    [InlineData("[suggest:-1]", "llmmath \"")]
    [InlineData("[suggest:0]", "")]
    [InlineData("[suggest:x]", "é\u0000\u202e")]
    public void WhateverIsTypedIsAnswered(params string[] args) => Assert.Equal((0, ""),
        Command.Run(args) is var run ? (run.Exit, run.Error) : default);

    private static string[] Suggested(params string[] args) =>
        Command.Run(args).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
