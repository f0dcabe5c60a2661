namespace LlmMath.Planning.Search;

/// <summary>A deployment tried with more and more requests at once, as far as the limits hold. What was found with fewer is never
/// better with more: an estimate that dips is taken as level.</summary>
internal sealed class Trial
{
    private readonly Demand _demand;
    private readonly Deployment _on;
    private readonly List<TrialStep> _steps = [];
    private readonly DropReason? _except;
    private readonly double _moreToFirst, _moreToEnd;
    private bool _isDone;

    /// <summary>A trial of a deployment.</summary>
    /// <param name="demand">What is asked.</param>
    /// <param name="on">The deployment.</param>
    /// <param name="except">A limit that need not hold; null for none.</param>
    public Trial(Demand demand, Deployment on, DropReason? except = null)
    {
        (_demand, _on, _except) = (demand, on, except);
        if (demand.VariesInLength)
        {
            (_moreToFirst, _moreToEnd) = demand.More(on);
        }
    }

    /// <summary>The steps as far as the limits hold; tried one after the other, as they are asked for.</summary>
    public IEnumerable<TrialStep> Steps
    {
        get
        {
            for (int index = 0; index < _steps.Count || Next(); index++)
            {
                yield return _steps[index];
            }
        }
    }

    /// <summary>Why not even one request at a time meets the limits; null where it does.</summary>
    public DropReason? Fails { get; private set; }

    /// <summary>Tries the next step.</summary>
    private bool Next()
    {
        if (_isDone || _steps.Count == Ladder.Places.Length)
        {
            return false;
        }

        int places = Ladder.Places[_steps.Count];
        InferenceEstimate e = _on.Speed(_demand.Workload with { Requests = places });
        TrialStep step = new(_demand, e, _moreToFirst, _moreToEnd);
        if (_steps.Count > 0)
        {
            step = step.After(_steps[^1]);
        }

        DropReason? broken = e.Fits == false ? DropReason.Memory
            : e.Basis > _demand.Requirements.WeakestBasis ? DropReason.Basis
            : step.Broken(_demand, _except);
        if (broken is not null)
        {
            Fails = _steps.Count == 0 ? broken : null;
            _isDone = true;
            return false;
        }

        _steps.Add(step);
        return true;
    }
}
