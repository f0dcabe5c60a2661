namespace LlmMath.Calibration;

/// <summary>How much a row counts in a fit. Rows come out in an order that does not depend on the files'.</summary>
internal static class Weighting
{
    // Rows of a campaign that count fully.
    private const double UsualCampaign = 20;

    /// <summary>A setting that was measured several times counts once.</summary>
    public static List<Observation> BySetting(List<Observation> all) => InOrder(all
        .GroupBy(o => (o.Engine.Name, o.Group, o.Weights.Name, o.Metric, o.On.Tensor, o.On.Expert, o.On.Pipeline, o.Load))
        .SelectMany(same => same.Select(o => o with { Weight = 1.0 / same.Count() })));

    /// <summary>Gives rows of one campaign their weight together.</summary>
    public static List<Observation> ByCampaign(List<Observation> all) => InOrder(all
        .GroupBy(o => (o.Engine.Name, o.Release, o.Group, o.Weights.Name, o.Metric)).SelectMany(campaign =>
        {
            double weight = Math.Sqrt(UsualCampaign / campaign.Sum(o => o.Weight));
            return campaign.Select(o => o with { CampaignWeight = weight });
        }));

    private static List<Observation> InOrder(IEnumerable<Observation> rows) =>
        [.. rows.OrderBy(o => o.Key, StringComparer.Ordinal).ThenBy(o => o.Metric)];
}
