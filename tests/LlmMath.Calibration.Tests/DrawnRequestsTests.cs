namespace LlmMath.Calibration.Tests;

/// <summary>More of the hardware and less to do is not slower, and times have no jumps, on a few hundred drawn requests; the verb
/// <c>drawn</c> prints the same of 20,000.</summary>
public class DrawnRequestsTests
{
    /// <summary>In one case of a hundred it may be otherwise: of fewer bits, mixtures with few tokens, whose experts round by
    /// kernels of their own; of more bandwidth, a loop of requests that comes round sooner and queues for its prompts. Of fewer
    /// than 300 requests three may: of 20,000 drawn requests a smaller context is slower in 0.04 %.</summary>
    [Fact]
    public void MoreHardwareAndLessToDoAreNotSlower()
    {
        var found = DrawnRequests.Of(600, seed: 5, each: 20);
        Assert.Equal(18, found.Count);
        foreach (string change in found.Keys)
        {
            (int asked, int slower, double most, string at) = found[change];
            Assert.True(slower <= Math.Max(3, 0.01 * asked), $"{change}: {slower} of {asked}, {most:P1} at {at}");
        }
    }
}
