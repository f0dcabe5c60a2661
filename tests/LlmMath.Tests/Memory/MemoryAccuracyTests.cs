using Xunit.Abstractions;

namespace LlmMath.Tests.Memory;

public class MemoryAccuracyTests(ITestOutputHelper output)
{
    [Fact]
    public void PrintsEveryRow()
    {
        output.WriteLine(MemoryAccuracy.Rows());
        output.WriteLine(MemoryAccuracy.Table());
        Assert.NotEmpty(MemoryEvidence.All);
    }
}
