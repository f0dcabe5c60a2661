using LlmMath.Cli.Output;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace LlmMath.Generators;

/// <summary>A diagnostic as a value: what, where, and the message. Roslyn's own holds on to syntax and compares by
/// reference.</summary>
internal sealed record DiagnosticInfo(
    DiagnosticDescriptor Descriptor, string Path, TextSpan Span, LinePositionSpan Lines, string Message)
{
    /// <summary>A diagnostic at a position. What the message quotes of a file or a name can neither begin a line, which would
    /// read as a diagnostic of its own, nor steer a terminal.</summary>
    public static DiagnosticInfo At(DiagnosticDescriptor descriptor, string path, SourceText? text, int position, string message)
    {
        int start = text is null ? 0 : Math.Min(Math.Max(position, 0), text.Length);
        var span = new TextSpan(start, 0);
        return new(descriptor, path, span, text?.Lines.GetLinePositionSpan(span) ?? default, Visible.Of(message));
    }

    public Diagnostic ToDiagnostic() => Diagnostic.Create(Descriptor, Location.Create(Path, Span, Lines), Message);
}
