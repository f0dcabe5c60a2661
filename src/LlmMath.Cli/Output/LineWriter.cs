using System.Text;

namespace LlmMath.Cli.Output;

/// <summary>Standard output or standard error. A line is one line, whatever stands in it (<see cref="Visible"/>), and a failure
/// to write is another exception than a failure to read.</summary>
internal abstract class LineWriter(TextWriter inner, bool isTerminal) : TextWriter
{
    /// <summary>Whether a person watches: not a file, not a pipe.</summary>
    public bool IsTerminal { get; } = isTerminal;

    public override Encoding Encoding => inner.Encoding;

    /// <summary>Standard output: an answer that cannot be written is a failure.</summary>
    public static LineWriter ForAnswers(TextWriter inner) =>
        new Answers(inner, ReferenceEquals(inner, Console.Out) && !Console.IsOutputRedirected);

    /// <summary>Standard error: where it cannot be written, nobody can be told.</summary>
    public static LineWriter ForErrors(TextWriter inner) =>
        new Errors(inner, ReferenceEquals(inner, Console.Error) && !Console.IsErrorRedirected);

    public override void Write(char value) => Attempt(value, static (to, what) => to.Write(what));

    /// <summary>Text as it stands.</summary>
    public override void Write(string? value) => Attempt(value, static (to, what) => to.Write(what));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void WriteLine() => Attempt("", static (to, what) => to.WriteLine(what));

    /// <summary>One line.</summary>
    public override void WriteLine(string? value) => Attempt(Visible.Of(value ?? ""), static (to, what) => to.WriteLine(what));

    public override void Flush() => Attempt(0, static (to, _) => to.Flush());

    protected abstract void Failed(Exception problem);

    private void Attempt<T>(T what, Action<TextWriter, T> write)
    {
        try
        {
            write(inner, what);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Failed(problem);
        }
    }

    private sealed class Answers(TextWriter inner, bool isTerminal) : LineWriter(inner, isTerminal)
    {
        protected override void Failed(Exception problem) => throw new OutputException(problem);
    }

    private sealed class Errors(TextWriter inner, bool isTerminal) : LineWriter(inner, isTerminal)
    {
        protected override void Failed(Exception problem)
        {
        }
    }
}

/// <summary>The answer could not be written.</summary>
internal sealed class OutputException(Exception problem) : Exception(problem.InnerException?.Message ?? problem.Message, problem)
{
    // EPIPE; ERROR_BROKEN_PIPE and ERROR_NO_DATA of Windows.
    private const int Unix = 32, Broken = unchecked((int)0x8007006D), NoData = unchecked((int)0x800700E8);

    /// <summary>Whether whoever read the answer has gone, as after <c>| head -1</c>: nothing is wrong then.</summary>
    public bool IsClosedPipe => InnerException is IOException { HResult: Unix or Broken or NoData };
}
