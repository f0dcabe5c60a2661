using System.Globalization;

namespace LlmMath.Speed.Pass;

/// <summary>What a part of a pass is measured in.</summary>
internal enum PassMeasure
{
    /// <summary>Bytes of memory traffic, over bytes a second.</summary>
    Bytes,

    /// <summary>Operations, over operations a second.</summary>
    Operations,

    /// <summary>Bytes sent, over a link's bytes a second.</summary>
    Sent,

    /// <summary>Seconds, as an engine takes them.</summary>
    Seconds,
}

/// <summary>One part of a pass, as it is added to the pass's time: how much, over which peak, in how long.</summary>
/// <param name="Term">What it is.</param>
/// <param name="Times">How often: layers.</param>
/// <param name="Amount">How much each time, in the measure.</param>
/// <param name="Measure">What the amount is measured in.</param>
/// <param name="Peak">The peak rate, in the measure a second; 1 where seconds are measured.</param>
/// <param name="Seconds">Seconds of all times together.</param>
internal readonly record struct PassPart(
    string Term, double Times, double Amount, PassMeasure Measure, double Peak, double Seconds)
{
    /// <summary>times × amount ÷ peak ÷ share of the peak reached, with the numbers put in; or times × seconds.</summary>
    public string Formula => Measure == PassMeasure.Seconds
        ? Invariant($"{Times:0.#####} × {Seconds / Times * 1e6:G5} µs")
        : Invariant($"{Times:0.#####} × {Amount:#,0.##} {Unit} ÷ {Peak:#,0} {Unit}/s ÷ {Share:0.###########}");

    private double Share => Times * Amount / Peak / Seconds;

    private string Unit => Measure switch
    {
        PassMeasure.Operations => "operations",
        _ => "bytes",
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The parts of a pass in the order in which they were added: its working.</summary>
internal sealed class PassParts
{
    private readonly List<PassPart> _parts = [];

    /// <summary>The parts that take time.</summary>
    public IReadOnlyList<PassPart> All => _parts;

    /// <summary>Adds a part that is so much over a peak.</summary>
    public void Add(string term, double times, double amount, PassMeasure measure, double peak, double seconds)
    {
        if (seconds > 0)
        {
            // What is hidden behind another part shows as faster than the peak.
            bool isHidden = measure != PassMeasure.Seconds && times * amount / peak > 1.0001 * seconds;
            _parts.Add(new(isHidden ? term + ", what shows" : term, times, amount, measure, peak, seconds));
        }
    }

    /// <summary>Adds a part that takes so long each time.</summary>
    public void Add(string term, double times, double each) => Add(term, times, each, PassMeasure.Seconds, 1, times * each);
}
