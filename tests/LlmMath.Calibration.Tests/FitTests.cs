using LlmMath.Testing;

namespace LlmMath.Calibration.Tests;

/// <summary>What a fit must do whatever the evidence says.</summary>
public class FitTests
{
    private static readonly Lazy<IReadOnlyList<Observation>> s_rows = new(() => Pool.OneMachine.Rows(Repository.Root));

    // Constants that so many rows tell that no prior holds them back.
    private static readonly string[] s_told =
    [
        "bandwidth_efficiency", "compute_efficiency", "cache_bandwidth_efficiency", "activation_bytes", "score_bytes", "layer_us",
    ];

    /// <summary>Rows made from known constants give these constants back: every deployment and load of the evidence, its times
    /// those of constants far from the priors' centers. The priors draw each back a little: within 4 %, and
    /// times too.</summary>
    [Fact]
    public void KnownConstantsAreRecovered()
    {
        Factors truth = Known();
        Factors found = PooledFit.Fit(Synthetic(truth), Factors.None(Pool.OneMachine.Priors));
        Place place = s_rows.Value.First(row => row.Engine.Name == "llama.cpp-2024" && row.Gpu.Name == "a40").Place;
        double[] expected = truth.ConstantsOf("llama.cpp-2024", place), fitted = found.ConstantsOf("llama.cpp-2024", place);
        Assert.All(s_told, name =>
        {
            int at = EngineConstant.All.Select(constant => constant.Name).ToList().IndexOf(name);
            Assert.InRange(fitted[at] / expected[at], 0.96, 1.04);
        });
        Assert.All(Synthetic(truth), row => Assert.InRange(found.Predict(row) / row.Seconds, 0.96, 1.04));
    }

    /// <summary>The cost has many valleys; from factors all moved, up and down in turn, no deeper one is found than from the
    /// priors' centers.</summary>
    [Fact]
    public void NoStartElsewhereEndsDeeperThanACold()
    {
        Factors cold = Fitted(Factors.None(Pool.OneMachine.Priors));
        Factors elsewhere = cold with
        {
            Logs = cold.Logs.ToDictionary(pair => pair.Key, pair => Moved(pair.Key.Shared)),
        };
        Assert.True(Cost(cold) < Cost(elsewhere));
        Assert.InRange(Cost(cold), 0, 1.001 * Cost(Fitted(elsewhere)));

        static Factors Fitted(Factors from) =>
            PooledFit.Fit(s_rows.Value, from, PooledFit.Steps, Pool.OneMachine.Attempts);

        static double Cost(Factors factors) => s_rows.Value.Sum(row => PooledFit.Error(row, factors.Predict(row)));
    }

    /// <summary>What is held out cannot be seen: measured a hundred times as long, it is predicted to the last bit as
    /// before.</summary>
    [Fact]
    public void HeldOutRowsDoNotTellTheirOwnEstimates()
    {
        Observation[] rows = [.. s_rows.Value.Where(row => row.Engine.Name is "mlx" or "gpt-fast" or "exllamav2" or "mlc-llm")];
        ModelOnGpu group = rows[0].Group;
        Observation[] wrong = [.. rows.Select(row => row.Group == group ? row with { Seconds = 100 * row.Seconds } : row)];
        double[] before = LeaveOut.Groups(rows, Fit), after = LeaveOut.Groups(wrong, Fit);
        Assert.All(Enumerable.Range(0, rows.Length).Where(i => rows[i].Group == group), i => Assert.Equal(before[i], after[i]));
        Assert.Contains(Enumerable.Range(0, rows.Length), i => before[i] != after[i]);

        static Factors Fit(IReadOnlyList<Observation> kept) => PooledFit.Fit(kept, Factors.None(Pool.OneMachine.Priors), 5);
    }

    /// <summary>Widths are chosen inside the training rows: a fold's choice and estimates stay when what it holds out
    /// changes.</summary>
    [Fact]
    public void WidthsAreChosenWithoutTheRowsHeldOut()
    {
        Observation[] rows = [.. s_rows.Value.Where(row => row.Engine.Name is "mlx" or "gpt-fast" or "mlc-llm")];
        ModelOnGpu[] seen = [];
        double[] unseen = LeaveOut.Folds(rows, 2, kept =>
        {
            lock (s_rows)
            {
                seen = [.. kept.Select(row => row.Group).Distinct()];
            }

            return PooledFit.Fit(kept, Factors.None(WidthChoice.With(Pool.OneMachine.Priors,
                WidthChoice.Of(kept, Pool.OneMachine.Priors))), 3);
        });
        Observation[] wrong = [.. rows.Select(row => seen.Contains(row.Group) ? row : row with { Seconds = 10 * row.Seconds })];
        double[] again = LeaveOut.Folds(wrong, 2, kept => PooledFit.Fit(kept, Factors.None(WidthChoice.With(
            Pool.OneMachine.Priors, WidthChoice.Of(kept, Pool.OneMachine.Priors))), 3));
        Assert.Contains(rows, row => !seen.Contains(row.Group));
        Assert.All(Enumerable.Range(0, rows.Length).Where(i => !seen.Contains(rows[i].Group)), i =>
            Assert.Equal(unseen[i], again[i]));
    }

    // Far from the centers for each constant that all rows share, and for the engine.
    private static Factors Known()
    {
        PriorTable priors = Pool.OneMachine.Priors;
        double[] Of(Sharing shared, double share) => [.. priors.Priors.Select((prior, i) =>
            prior.Width(shared) * share * (i % 2 == 0 ? 1 : -1))];
        return new(priors, new Dictionary<Level, double[]>
        {
            [new(Sharing.All)] = Of(Sharing.All, 0.8),
            [new(Sharing.Engine, "llama.cpp-2024")] = Of(Sharing.Engine, 0.5),
        });
    }

    private static Observation[] Synthetic(Factors truth) =>
    [
        .. s_rows.Value.Where(row => row.Engine.Name == "llama.cpp-2024")
            .Select(row => row with { Seconds = truth.Predict(row) }),
    ];

    private static double[] Moved(Sharing shared) => [.. Pool.OneMachine.Priors.Priors.Select((prior, i) =>
        prior.Width(shared) == 0 ? 0 : i % 2 == 0 ? 0.3 : -0.3)];
}
