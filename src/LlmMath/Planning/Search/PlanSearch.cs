namespace LlmMath.Planning.Search;

/// <summary>Looks for the cheapest plans. Cut unseen is only what is provably hopeless: weights that the GPUs do not hold, a
/// price of one replica, or of as many as the bound of the hardware needs, that is no less than what was found, limits that the
/// bound breaks. What remains is estimated.</summary>
internal sealed class PlanSearch
{
    private readonly Tally _tally = new();

    private PlanSearch(ServiceRequirements r) => Standing = new(r.Keep);

    /// <summary>What was found.</summary>
    public Standing Standing { get; }

    /// <summary>How many candidates there were.</summary>
    public long Candidates { get; private set; }

    /// <summary>Of how many an engine was estimated.</summary>
    public long Estimated { get; private set; }

    /// <summary>Of how many the bound of the hardware was asked: one for all engines.</summary>
    public long Bounded { get; private set; }

    /// <summary>What fell out.</summary>
    public ValueList<Drop> Drops => _tally.Drops;

    /// <summary>Searches.</summary>
    /// <param name="r">What is asked.</param>
    /// <param name="cuts">Whether the hopeless is cut unseen; the answer is the same.</param>
    /// <param name="progress">Told the share that is done; null for nobody.</param>
    /// <param name="cancellation">Ends the search.</param>
    public static PlanSearch Of(
        ServiceRequirements r, bool cuts = true, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var search = new PlanSearch(r);
        var demand = new Demand(r);
        var candidates = new Candidates(demand);
        ModelSearch[] models = [.. Enumerable.Range(0, candidates.Models)
            .Select(_ => new ModelSearch(demand, search.Standing, cuts))];
        double reported = 0;
        Waves.Over([.. Enumerable.Range(0, candidates.Machines)], models.Length,
            (machine, model) => models[model].Look(candidates, machine, model),
            model =>
            {
                if (models[model].Found is { } found && search.Standing.Take(found))
                {
                    search._tally.Add(DropReason.Dearer, 1);
                }
            },
            done =>
            {
                if (done - reported >= 0.01)
                {
                    progress?.Report(reported = done);
                }
            }, cancellation);
        progress?.Report(1);
        search.Candidates = candidates.Count;
        foreach (ModelSearch model in models)
        {
            search._tally.Add(model.Tally);
            search.Estimated += model.Estimated;
            search.Bounded += model.Bounded;
        }

        // Of those that were plans, all but the kept ones cost more.
        search._tally.Add(DropReason.Dearer, search.Standing.Count - search.Standing.Kept.Count());
        return search;
    }
}
