namespace LlmMath.Planning.Search;

/// <summary>The cheapest plan of each model on each kind of GPU, and what a further one must cost to be among the cheapest of
/// them.</summary>
internal sealed class Standing(int keep)
{
    private readonly Dictionary<(string Model, string Gpu), PlanDraft> _best = [];
    private readonly List<double> _costs = [];

    /// <summary>The cheapest, as many as are kept.</summary>
    public IEnumerable<PlanDraft> Kept => _best.Values.OrderBy(draft => draft.Usd).ThenBy(draft => draft.Number).Take(keep);

    /// <summary>Plans that were found.</summary>
    public int Count => _best.Count;

    /// <summary>A plan of a model on a GPU counts only where it costs less than this.</summary>
    public double Limit(ModelDefinition model, Gpu gpu)
    {
        double own = Own(model, gpu);
        return _costs.Count < keep ? own : Math.Min(own, _costs[keep - 1]);
    }

    // What the cheapest plan so far of a model on a GPU costs; infinite where there is none.
    private double Own(ModelDefinition model, Gpu gpu) =>
        _best.TryGetValue((model.Name, gpu.Name), out PlanDraft? best) ? best.Usd : double.PositiveInfinity;

    /// <summary>Takes a plan in where it is the cheapest so far; returns whether there were two for its place, so that one falls
    /// out.</summary>
    public bool Take(PlanDraft draft)
    {
        (string, string) place = (draft.Candidate.Choice.Model.Name, draft.Candidate.Offers.Gpu.Name);
        if (_best.TryGetValue(place, out PlanDraft? former))
        {
            if (former.Usd <= draft.Usd)
            {
                return true;
            }

            _costs.RemoveAt(_costs.BinarySearch(former.Usd));
        }

        _best[place] = draft;
        int at = _costs.BinarySearch(draft.Usd);
        _costs.Insert(at < 0 ? ~at : at, draft.Usd);
        return former is not null;
    }
}
