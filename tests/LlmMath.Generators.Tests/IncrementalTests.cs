using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LlmMath.Generators.Tests;

/// <summary>What is built anew when something is touched, by the pipeline's named steps.</summary>
public class IncrementalTests
{
    private static readonly Definition s_a = Definition.Opt("a"), s_b = Definition.Opt("b"), s_c = Definition.Opt("c");

    [Fact]
    public void TouchingOneEntryBuildsThatEntryAlone()
    {
        GeneratorRunResult result = Edit(s_a, Definition.Opt("b", layers: 3), s_c);

        IncrementalStepRunReason[] oneOfThree =
            [IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached, IncrementalStepRunReason.Cached];
        Assert.Equal(oneOfThree, Reasons(result, Steps.Entries));
        Assert.Equal(oneOfThree, Reasons(result, Steps.Members));
        Assert.Equal([IncrementalStepRunReason.Cached], Reasons(result, Steps.Names));
    }

    [Fact]
    public void AMovedLineIsReadAgainButEmitsNothing()
    {
        GeneratorRunResult result = Edit(s_a, new Definition(s_b.Path, "\n\n" + s_b.Text), s_c);

        Assert.Contains(IncrementalStepRunReason.Unchanged, Reasons(result, Steps.Entries));
        Assert.All(Reasons(result, Steps.Members), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void EditingCodeReadsNoDefinition()
    {
        GeneratorDriver driver = Host.Driver(s_a, s_b, s_c).RunGenerators(Host.Application);
        CSharpCompilation edited = Host.Application.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class New;"));
        GeneratorRunResult result = Host.Result(driver.RunGenerators(edited));

        foreach (string step in new[] { Steps.Definitions, Steps.Entries, Steps.Names, Steps.Members })
        {
            Assert.All(Reasons(result, step), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
        }
    }

    [Fact]
    public void ANewEntryLeavesTheOthers()
    {
        GeneratorRunResult result = Edit(s_a, s_b, s_c, Definition.Opt("d"));

        Assert.Equal(3, Reasons(result, Steps.Members).Count(reason => reason == IncrementalStepRunReason.Cached));
        Assert.Equal(1, Reasons(result, Steps.Members).Count(reason => reason == IncrementalStepRunReason.New));
        Assert.Equal([IncrementalStepRunReason.Modified], Reasons(result, Steps.Names));
    }

    [Fact]
    public void NoDefinitionEmitsNothing() => Assert.Empty(Host.Run().GeneratedSources);

    private static GeneratorRunResult Edit(params Definition[] after) =>
        Host.Result(Host.Driver(s_a, s_b, s_c).RunGenerators(Host.Application).With(after).RunGenerators(Host.Application));

    private static List<IncrementalStepRunReason> Reasons(GeneratorRunResult result, string step) =>
        [.. result.TrackedSteps[step].SelectMany(s => s.Outputs).Select(output => output.Reason).Order()];
}
