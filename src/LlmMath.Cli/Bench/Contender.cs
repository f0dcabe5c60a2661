namespace LlmMath.Cli.Bench;

/// <summary>One implementation of a product, with its own copy of the weights.</summary>
/// <param name="name">As it is printed.</param>
/// <param name="multiply">y = W · x, once.</param>
/// <param name="result">Reads y.</param>
/// <param name="release">Frees the weights.</param>
internal sealed class Contender(string name, Action multiply, Func<float[]> result, Action release) : IDisposable
{
    public string Name => name;

    /// <summary>Called before and after a sample: peers whose idle threads would spin on the next one's cores.</summary>
    public Action Wake { get; init; } = () => { };

    /// <inheritdoc cref="Wake"/>
    public Action Sleep { get; init; } = () => { };

    public void Multiply() => multiply();

    public float[] Result() => result();

    public void Dispose() => release();
}
