using LlmMath.Placement;
using LlmMath.Speed.Pass;

namespace LlmMath.Tests.Speed;

/// <summary>The GPU whose experts are touched most.</summary>
public class ExpertBalanceTests
{
    /// <summary>The mean of the largest of n: ∫ x · n · φ(x) · Φ(x)ⁿ⁻¹ dx.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(64)]
    public void TheFullestIsNearTheLargestOfNormalVariables(int gpus)
    {
        double largest = 0, step = 0.001;
        for (double x = -8; x < 8; x += step)
        {
            largest += x * gpus * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) * Math.Pow(Normal.Share(x), gpus - 1) * step;
        }

        double sigma = Math.Sqrt(16 * (1 - (16 / 32.0)));
        Assert.Equal(1 + (largest * sigma / 16), ExpertBalance.Fullest(32, 16, gpus), 0.01);
    }

    [Fact]
    public void OneGpuAndFullOnesHaveNoFullest()
    {
        Assert.Equal(1, ExpertBalance.Fullest(32, 16, 1));
        Assert.Equal(1, ExpertBalance.Fullest(32, 32, 8));
        Assert.Equal(1, ExpertBalance.Fullest(32, 0, 8));
        Assert.Equal(32 / 31.9, ExpertBalance.Fullest(32, 31.9, 64), 1e-12);
    }

    /// <summary>More tokens touch more experts, and never fewer on the fullest GPU.</summary>
    [Fact]
    public void TheFullestGrowsWithTheMean()
    {
        double before = 0;
        for (double touched = 0.25; touched <= 32; touched += 0.25)
        {
            double fullest = touched * ExpertBalance.Fullest(32, touched, 8);
            Assert.True(fullest >= before && fullest <= 32, $"{touched}: {fullest}");
            before = fullest;
        }
    }
}
