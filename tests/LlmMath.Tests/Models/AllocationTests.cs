using LlmMath.Models.Counting;

namespace LlmMath.Tests.Models;

public class AllocationTests
{
    [Fact]
    public void CountingAllocatesNothing()
    {
        ValueList<ModelDefinition> models = ModelCatalog.All;
        long counted = 0;
        Assert.Equal(0, Allocation.Least(() => counted = Count(models)));
        Assert.Equal(Count(models), counted);
    }

    private static long Count(ValueList<ModelDefinition> models)
    {
        long sum = 0;
        foreach (ModelDefinition model in models)
        {
            unchecked
            {
                sum += model.ParameterCount() + model.ActiveParameterCount()
                    + model.ParameterCount(CountingConvention.HandEstimate)
                    + ParameterFold.Sum(model.Architecture, CountingConvention.Checkpoint, active: true);
            }
        }

        return sum;
    }
}
