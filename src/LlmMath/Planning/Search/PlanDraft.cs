namespace LlmMath.Planning.Search;

/// <summary>A plan as the search found it: enough to rank it.</summary>
/// <param name="Candidate">What serves.</param>
/// <param name="Offer">On which machines.</param>
/// <param name="Replicas">How many replicas.</param>
/// <param name="Step">What requests get.</param>
/// <param name="Usd">US dollars a month; of a batch, in all.</param>
/// <param name="Number">Its number among all candidates.</param>
internal sealed record PlanDraft(
    Candidate Candidate, Offer Offer, double Replicas, TrialStep Step, double Usd, long Number);
