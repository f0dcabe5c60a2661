namespace LlmMath.Tests.Models;

public class AllocationTests
{
    [Fact]
    public void CountingAllocatesNothing()
    {
        ValueList<ModelDefinition> models = ModelCatalog.All;
        long warm = Count(models);

        long before = GC.GetAllocatedBytesForCurrentThread();
        long counted = Count(models);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(warm, counted);
        Assert.Equal(0, allocated);
    }

    private static long Count(ValueList<ModelDefinition> models)
    {
        long sum = 0;
        foreach (ModelDefinition model in models)
        {
            unchecked
            {
                sum += model.ParameterCount() + model.ActiveParameterCount() + model.ParameterCount(CountingConvention.HandEstimate)
                    + ParameterFold.Sum(model.Architecture, CountingConvention.Checkpoint, active: true);
            }
        }

        return sum;
    }
}
