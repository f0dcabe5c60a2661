namespace LlmMath.Calibration;

/// <summary>What a fit of training's speed may find, and how far trainers and generations may stray from each other.</summary>
/// <param name="Mixtures">Whether a layer with experts takes the host a time of its own: a sequence of small kernels for routing,
/// sorting and each expert's products, whatever their size.</param>
/// <param name="Releases">Whether mixtures of one release of a trainer share a factor.</param>
/// <param name="Kernels">How far the constants of kernels may stray between trainers, in widths of the prior.</param>
/// <param name="Trainer">The same of constants that are a trainer's own.</param>
/// <param name="Generation">How far those of a generation may stray, of all trainers and of one, in widths of the prior.</param>
/// <param name="Dense">How far all runs of a model without experts by a trainer may lie from what its constants give, as a
/// logarithm: what is not known of a model is not to move constants.</param>
/// <param name="Mixture">The same of a model with experts.</param>
internal sealed record TrainingForm(
    bool Mixtures, bool Releases, double Kernels, double Trainer, double Generation, double Dense, double Mixture)
{
    private static readonly TrainingForm s_plain = new(false, false, 0.6, 0.6, 0.3, 0.15, 0.15);

    private static readonly Func<TrainingForm, IEnumerable<TrainingForm>>[] s_choices =
    [
        form => [form, form with { Mixtures = true }, form with { Releases = true },
            form with { Mixtures = true, Releases = true }],
        form => [form, form with { Kernels = 2 }],
        form => [form, form with { Trainer = 2 }],
        form => [form, form with { Generation = 0.15 }, form with { Generation = 0.6 }],
        form => [form, form with { Dense = 0.05 }],
        form => [form, form with { Mixture = 0.3 }],
    ];

    /// <summary>The terms are those that most folds chose by rows that each had; the widths cost least of what is left out within
    /// all rows. <c>-- training-forms</c> lets each fold choose both.</summary>
    public static TrainingForm Chosen { get; } = s_plain with
    {
        Mixtures = true, Kernels = 2, Trainer = 2, Dense = 0.05,
    };

    /// <summary>Chooses by what a form costs: terms first, then one width after the other.</summary>
    public static TrainingForm Of(Func<TrainingForm, double> cost)
    {
        var costs = new Dictionary<TrainingForm, double>();
        double Known(TrainingForm form) => costs.TryGetValue(form, out double found) ? found : costs[form] = cost(form);
        return s_choices.Aggregate(s_plain, (form, choices) => choices(form).MinBy(Known)!);
    }
}
