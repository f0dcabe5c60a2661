namespace LlmMath;

/// <summary>Tokens that steps with drafts were measured to yield: catalog/speculation.</summary>
/// <param name="source">Where they were read.</param>
/// <param name="measuredOn">With which engine, hardware and prompts.</param>
/// <param name="series">By model, way of drafting and whether the model thinks first.</param>
/// <param name="randomText">What of that is left where prompts are random tokens, by the answer's length, in order.</param>
internal sealed class DraftAcceptance(
    string source, string measuredOn, AcceptanceSeries[] series, RandomTextShare[] randomText)
{
    public RandomTextShare[] RandomText => randomText;

    /// <summary>The share of accepted drafts that is left where prompts are random tokens, 0 to 1: between two lengths of answers
    /// by the logarithm, beyond them that of the nearest.</summary>
    public double ShareOfRandomText(double answer)
    {
        (RandomTextShare low, RandomTextShare high) = (randomText[0], randomText[^1]);
        double span = Math.Log((double)high.Answer / low.Answer);
        double place = span <= 0 ? 0 : Math.Clamp(Math.Log(answer / low.Answer) / span, 0, 1);
        return low.Share + (place * (high.Share - low.Share));
    }

    public string Source => source;

    public string MeasuredOn => measuredOn;

    public AcceptanceSeries[] Series => series;
}

/// <summary>How many fewer drafts are accepted where prompts are random tokens.</summary>
/// <param name="Answer">Tokens of an answer, 1 or more.</param>
/// <param name="Share">The share of accepted drafts that is left, 0 to 1.</param>
internal readonly record struct RandomTextShare(int Answer, double Share);

/// <summary>Those of one model, thinking before it answers or not.</summary>
/// <param name="method">How tokens are drafted: MTP, EAGLE-3.</param>
/// <param name="models">Entries of the catalog that it holds for.</param>
/// <param name="tokens">Mean tokens a step with 1, 2, 3 … drafts, each 1 to one more than the drafts.</param>
internal sealed class AcceptanceSeries(string method, ValueList<string> models, double[] tokens)
{
    public string Method => method;

    public ValueList<string> Models => models;

    public double[] Tokens => tokens;
}
