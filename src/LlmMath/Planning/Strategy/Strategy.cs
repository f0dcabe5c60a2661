using LlmMath.Planning.Search;
using LlmMath.Training;

namespace LlmMath.Planning;

/// <summary>Ways to make a model do a task: examples in the prompt, what is looked up in the prompt, or training.</summary>
public static class Strategy
{
    /// <summary>Sets the ways beside each other: hardware, hours, money once, a month and over all months. Training is
    /// <c>deployment.Training</c> on the fewest dollars a token, examples packed into sequences of 2,048 tokens, 16 a step; what
    /// is trained is merged, so that it serves as the plain model. Serving is the planner's cheapest plan on the GPU.</summary>
    /// <param name="model">The model.</param>
    /// <param name="task">What it is to do.</param>
    /// <exception cref="EstimateException">A number is out of range; the error names it.</exception>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    public static StrategyTable Compare(ModelDefinition model, StrategyTask task)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(task);
        task.Check(model);
        long examples = Math.Min(task.Examples, task.ExamplesInPrompt), tokens = examples * task.TokensPerExample;
        string many = FormattableString.Invariant($"{examples:#,0} examples in each prompt");
        GpuOffers? offers = GpuOffers.Of(task.Serving(model, task.PromptTokens, 0)).FirstOrDefault();
        Served plain = Serve(model, task, task.PromptTokens, 0);
        return new(model, task,
        [
            Untrained("prompting", many + ", read anew for each request",
                Serve(model, task, tokens + task.PromptTokens, 0), task),
            Untrained("prompting-cached", many + ", kept between requests",
                Serve(model, task, tokens + task.PromptTokens, tokens), task),
            Untrained("retrieval", FormattableString.Invariant($"{task.RetrievedTokens:#,0} tokens looked up for each prompt"),
                Serve(model, task, task.RetrievedTokens + task.PromptTokens, 0), task),
            .. StrategyRun.All(model, task).Select(Trained),
        ]);

        StrategyRow Trained(StrategyRun way)
        {
            StrategyTraining? training = way.Run is { } run ? StrategyTraining.Cheapest(model, task.Gpu, run,
                TrainerCatalog.Find(way.Trainer), way.Weights, offers) : null;
            return Of(way.Name, way.Does, plain, task, training, training is not null ? null
                : way.Run is null ? "the model was made for shorter sequences"
                : "training fits no number of GPUs with a price");
        }
    }

    private static StrategyRow Untrained(string name, string does, in Served served, StrategyTask task) =>
        Of(name, does, served, task, null, null);

    private static StrategyRow Of(string name, string does, in Served served, StrategyTask task, StrategyTraining? training,
        string? missing) => new(name, does, task.Months, training)
    {
        Serving = served.Plan,
        Stairs = served.Stairs,
        MonthlyRange = served.Stairs?.Range(task.RequestsPerMonth) ?? default,
        Missing = missing ?? served.Missing,
    };

    private static Served Serve(ModelDefinition model, StrategyTask task, long promptTokens, long shared)
    {
        ServiceRequirements r = task.Serving(model, promptTokens, shared);
        r.Check();
        PlanSearch search = PlanSearch.Of(r);
        return search.Standing.Kept.FirstOrDefault() is { } draft && PlanMaking.Of(new(r), draft) is var plan
            ? new(plan, new(r, plan), null)
            : new(null, null, search.Drops is [{ } drop, ..] ? drop.Text : "nothing serves it");
    }

    private readonly record struct Served(Plan? Plan, StrategyServing? Stairs, string? Missing);
}
