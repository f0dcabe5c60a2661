using System.ComponentModel;
using LlmMath.Basics;

namespace LlmMath.Engines;

/// <summary>Servers with data-parallel attention that send each token only to the GPUs that hold its experts (all-to-all); others
/// gather all tokens on all GPUs.</summary>
/// <param name="FromGpus">GPUs that share the experts from which on they do, 2 or more.</param>
/// <param name="Architectures">Architectures of their GPUs, as <see cref="Gpu.Architecture"/> names them; all where the list is
/// empty.</param>
/// <param name="SendsPerExpert">Whether a token goes once to each of its experts, not once to each GPU.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ExpertExchange(int FromGpus, ValueList<string> Architectures, bool SendsPerExpert = false)
{
    /// <summary>Whether a server is one of them.</summary>
    internal bool Holds(Gpu gpu, int gpus) =>
        gpus >= FromGpus && (Architectures.Count == 0 || Architectures.Contains(gpu.Architecture ?? ""));

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(ExpertExchange), PrintMembers);
}
