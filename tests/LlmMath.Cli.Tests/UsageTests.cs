using LlmMath.Testing;

namespace LlmMath.Cli.Tests;

/// <summary>What a person meets who types something wrong, or asks for help.</summary>
public class UsageTests
{
    [Theory]
    [InlineData("a verb is needed: models, gpus, params, inspect")]
    [InlineData("\"modls\" is not a verb: models", "modls")]
    [InlineData("Required argument missing for command: 'params'. See: llmmath params --help", "params")]
    [InlineData("'paper' not recognized. Must be one of: 'checkpoint' 'hand-estimate'", "params", "gpt2", "--convention", "paper")]
    [InlineData("\"--jsn\" is not an option here", "params", "gpt2", "--jsn")]
    [InlineData("\"opt-35m\" is neither a model of the catalog nor a file. Nearest: opt-350m", "params", "opt-35m")]
    [InlineData("no model of the catalog is of \"lama\". Families: ", "models", "--family", "lama")]
    [InlineData("no accelerator of the catalog is by \"nvidea\". Vendors: ", "gpus", "--vendor", "nvidea")]
    [InlineData("\"nowhere.gguf\" is not a file", "inspect", "nowhere.gguf")]
    public void MistakesGetOneClearLineAndStatus2(string problem, params string[] args)
    {
        Command run = Command.Run(args);

        Assert.Equal(2, run.Exit);
        Assert.Contains(problem, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("params", "--help")]
    [InlineData("inspect", "--help")]
    public void HelpIsAsApproved(params string[] args)
    {
        Command run = Command.Run(args);
        Assert.Equal(0, run.Exit);
        Golden.Verify(run.Output, "Help." + args[0].TrimStart('-'));
    }
}
