namespace LlmMath.Calibration.Tests;

/// <summary>More of the hardware and less to do is not slower, and times have no jumps, on a few hundred drawn requests; the verb
/// <c>drawn</c> prints the same of 20,000.</summary>
public class DrawnRequestsTests
{
    /// <summary>Two changes are not held to it. Fewer bits: products that round activations by kernels of their own were timed
    /// slower than 16-bit ones where there is little to multiply. More bandwidth where kernels are borrowed: a GPU that nobody
    /// timed has those of the one with the nearest bandwidth, and may so come to others.</summary>
    [Fact]
    public void MoreHardwareAndLessToDoAreNotSlower()
    {
        var found = DrawnRequests.Of(400, seed: 5, each: 40);
        string[] held = [.. found.Keys.Where(change =>
            !change.Contains("fewer bits", StringComparison.Ordinal) && !change.Contains("borrowed", StringComparison.Ordinal))];
        Assert.Equal(14, held.Length);
        foreach (string change in held)
        {
            (int asked, int slower, double most, string at) = found[change];
            Assert.True(slower <= 0.01 * asked, $"{change}: {slower} of {asked}, {most:P1} at {at}");
        }
    }
}
