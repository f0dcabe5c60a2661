namespace LlmMath.Cli.Bench;

/// <summary>The cases to measure: each kernel at each level, number of columns and threads.</summary>
internal sealed record BenchPlan(
    IReadOnlyList<BenchKernel> Kernels, IReadOnlyList<CacheLevel> Levels, IReadOnlyList<int> Columns, IReadOnlyList<int> Threads)
{
    public IEnumerable<BenchCase> Cases() =>
        from kernel in Kernels
        from level in Levels
        from columns in Columns
        from threads in Threads
        select new BenchCase(kernel, level, columns, threads);

    public void RequireWholeBlocks()
    {
        foreach (BenchKernel kernel in Kernels)
        {
            foreach (int columns in Columns.Where(columns => columns % kernel.Format.BlockElements != 0))
            {
                throw new CliException(
                    $"--columns: {columns} is no multiple of {kernel.Format}'s block of {kernel.Format.BlockElements}.");
            }
        }
    }
}
