namespace LlmMath.Planning.Search;

/// <summary>Makes plans of what a search kept.</summary>
internal static class PlanMaking
{
    /// <summary>The plan of a draft, with what it bears at most.</summary>
    public static Plan Of(Demand demand, PlanDraft draft)
    {
        ServiceRequirements r = demand.Requirements;
        Deployment on = draft.Candidate.Deployment;
        TrialStep step = draft.Step;
        TrialStep[] steps = [.. new Trial(demand, on).Steps];
        double bears = draft.Replicas * steps.Max(one => MeanPlaces(demand, one) / one.Seconds);
        long machines = (long)Math.Ceiling(draft.Replicas / draft.Offer.Replicas(draft.Candidate.Gpus));
        double rate = r.Load.MeanRate(r.Output.Mean), paid = draft.Offer.HoursPerMonth;
        double? requests = r.Load.BatchRequests;
        double hours = requests is { } all
            ? all / (machines * draft.Offer.Replicas(draft.Candidate.Gpus) * steps.Max(one => one.Places / one.Seconds) * 3600)
            : paid;
        return new()
        {
            Deployment = on,
            Replicas = requests is null ? (long)draft.Replicas : machines * draft.Offer.Replicas(draft.Candidate.Gpus),
            Machines = machines,
            Offer = draft.Offer,
            MostAtOnce = requests is null ? steps[^1].Places : step.Places,
            ContextTokens = r.ContextTokens,
            Usd = draft.Usd,
            BatchHours = requests is null ? null : hours,
            Estimate = step.Estimate,
            Memory = on.Memory(step.Estimate.Workload),
            TimeToFirstToken = TimeSpan.FromSeconds(Math.Min(step.FirstToken, 9e11)),
            InterTokenLatency = TimeSpan.FromSeconds(Math.Min(step.InterToken, 9e11)),
            EndToEnd = TimeSpan.FromSeconds(Math.Min(step.EndToEnd, 9e11)),
            RequestsPerSecond = bears,
            UsersServed = r.Load.Users is { } users ? Math.Floor(users * Times(r, draft.Replicas, steps)) : null,
            Chance = requests is null ? step.Chance(r) : null,
            Cost = new()
            {
                UsdPerHour = machines * draft.Offer.UsdPerHour,
                HoursPerMonth = hours,
                RequestsPerMonth = requests ?? (rate * 3600 * r.Load.HoursPerMonth),
                PromptTokens = r.Prompt.Mean,
                OutputTokens = r.Output.Mean,
                PromptShare = PromptShare(on, demand, step),
                Users = r.Load.Users,
                BusyShare = requests is not null ? 1 : Math.Min(1, rate * r.Load.HoursPerMonth / (bears * paid)),
            },
        };
    }

    // What reading the prompts of all that are under way takes, one after the other, of the time in which all are answered.
    private static double PromptShare(Deployment on, Demand demand, in TrialStep step) => Math.Min(1,
        step.Places * on.Speed(demand.Workload).TimeToFirstToken.Expected.TotalSeconds / step.Seconds);

    private static double MeanPlaces(Demand demand, in TrialStep step) =>
        demand.Requirements.Load.BatchRequests is null ? demand.Occupancy.Mean(step.Places) : step.Places;

    // How many times the load the replicas bear within the limits, by halving: what bears more bears less.
    private static double Times(ServiceRequirements r, double replicas, TrialStep[] steps)
    {
        double low = 1, high = 2;
        while (high < 1e9 && Bears(high))
        {
            (low, high) = (high, high * 2);
        }

        for (int halving = 0; halving < 40; halving++)
        {
            double middle = (low + high) / 2;
            (low, high) = Bears(middle) ? (middle, high) : (low, middle);
        }

        return low;

        bool Bears(double factor)
        {
            var more = new Demand(r with { Load = r.Load.Times(factor) });
            return Array.Exists(steps, step => more.Occupancy.Bears(replicas, step.Places, step.Seconds));
        }
    }
}
