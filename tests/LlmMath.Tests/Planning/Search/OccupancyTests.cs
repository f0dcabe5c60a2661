using LlmMath.Planning.Search;

namespace LlmMath.Tests.Planning.Search;

public class OccupancyTests
{
    /// <summary>Of 20 under way in the mean, Poisson has at most 28 in 95 of 100 cases: 27 are too few, 28 enough.</summary>
    [Fact]
    public void PlacesAreEnoughAsOftenAsPoissonSays()
    {
        Assert.True(Poisson(20, 27) < 0.95 && Poisson(20, 28) >= 0.95);
        var occupancy = new Occupancy(rate: 20, most: double.PositiveInfinity, percentile: 95);
        Assert.False(occupancy.Bears(replicas: 1, places: 27, seconds: 1));
        Assert.True(occupancy.Bears(replicas: 1, places: 28, seconds: 1));
    }

    [Fact]
    public void AsManyPlacesAsPeopleAreAlwaysEnough()
    {
        var five = new Occupancy(rate: 4, most: 5, percentile: 99);
        Assert.True(five.Bears(replicas: 1, places: 5, seconds: 1));
        Assert.False(five.Bears(replicas: 1, places: 4, seconds: 1));
        // But not where they ask faster than answers come.
        Assert.False(five.Bears(replicas: 1, places: 5, seconds: 2));
        Assert.Equal(2, five.Replicas(places: 3, seconds: 1));
    }

    [Fact]
    public void OfABatchEveryPlaceIsTaken()
    {
        var batch = new Occupancy(rate: 8, most: double.PositiveInfinity, percentile: 50);
        Assert.Equal(8, batch.Mean(8), 1e-12);
        Assert.True(batch.Bears(replicas: 1, places: 8, seconds: 1));
        Assert.Equal(3, batch.Replicas(places: 3, seconds: 1));
    }

    private static double Poisson(double mean, int most)
    {
        double term = Math.Exp(-mean), sum = term;
        for (int n = 1; n <= most; n++)
        {
            sum += term *= mean / n;
        }

        return sum;
    }
}
