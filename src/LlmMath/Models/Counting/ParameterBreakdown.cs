using System.Diagnostics;
using LlmMath.Architectures;
using LlmMath.Models.Counting;

namespace LlmMath;

/// <summary>A parameter count by component, with its working. Components and working are made when they are asked for.</summary>
[DebuggerDisplay("{Architecture.Family,nq}: {Total} parameters, {Active} active")]
public sealed record ParameterBreakdown
{
    internal ParameterBreakdown(Architecture architecture, CountingConvention convention) =>
        (Architecture, Convention) = (architecture, convention);

    /// <summary>What is counted.</summary>
    public Architecture Architecture { get; }

    /// <summary>How it is counted.</summary>
    public CountingConvention Convention { get; }

    /// <summary>All parameters.</summary>
    public long Total => ParameterFold.Sum(Architecture, Convention);

    /// <summary>Parameters that one token uses: all but the experts that routers leave out.</summary>
    public long Active => ParameterFold.Sum(Architecture, Convention, active: true);

    /// <summary>The components that have parameters, in the order of <see cref="TensorRole"/>; they add up to
    /// <see cref="Total"/>.</summary>
    public ValueList<ComponentCount> Components
    {
        get
        {
            var counts = new List<ComponentCount>();
            for (TensorRole role = TensorRole.Embedding; role <= TensorRole.Head; role++)
            {
                if (ParameterFold.Sum(Architecture, Convention, active: false, role) is > 0 and long parameters)
                {
                    counts.Add(new ComponentCount(role, parameters));
                }
            }

            return [.. counts];
        }
    }

    /// <summary>The working, line by line in the order a person writes it: embeddings, blocks, projections, norms, biases, head.
    /// The last line's total is <see cref="Total"/>.</summary>
    public ValueList<DerivationLine> Explain() => CountDerivation.Of(Architecture, Convention);

    /// <summary>From the paper estimate to the checkpoint's count, line by line: the tied head off, the linear biases on. The
    /// first line is the estimate, the last line's total the checkpoint's count.</summary>
    public ValueList<DerivationLine> Reconcile() => CountDerivation.PaperToCheckpoint(Architecture);
}
