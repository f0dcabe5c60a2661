namespace LlmMath;

/// <summary>Tokens that steps with drafts were measured to yield: catalog/speculation.</summary>
/// <param name="source">Where they were read.</param>
/// <param name="measuredOn">With which engine, hardware and prompts.</param>
/// <param name="series">By model, way of drafting and whether the model thinks first.</param>
internal sealed class DraftAcceptance(string source, string measuredOn, AcceptanceSeries[] series)
{
    public string Source => source;

    public string MeasuredOn => measuredOn;

    public AcceptanceSeries[] Series => series;
}

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
