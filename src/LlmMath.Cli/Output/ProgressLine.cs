using System.Diagnostics;

namespace LlmMath.Cli.Output;

/// <summary>How far long work has come, on a terminal's last line; nothing where standard error is a file or a pipe.</summary>
internal sealed class ProgressLine(TextWriter error)
{
    private const int LeastWidth = 20, MostWidth = 72;
    private readonly bool _isTerminal = error is LineWriter { IsTerminal: true };
    private readonly Stopwatch _sinceShown = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private bool _isShown;

    /// <summary>Shows how much is done, at most ten times a second; from any thread.</summary>
    public void Report(long done, long total, string what)
    {
        if (!_isTerminal)
        {
            return;
        }

        lock (_lock)
        {
            if (_sinceShown.ElapsedMilliseconds < 100)
            {
                return;
            }

            // A line that reached the terminal's edge would go on below, and stay.
            int width = Math.Clamp(Console.WindowWidth - 1, LeastWidth, MostWidth);
            string line = $"{100.0 * done / total,5:0.0} %  {Visible.Of(what)}";
            error.Write("\r" + (line.Length > width ? line[..width] : line.PadRight(width)));
            _isShown = true;
            _sinceShown.Restart();
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Clear()
    {
        if (_isShown)
        {
            error.Write("\r" + new string(' ', Math.Clamp(Console.WindowWidth - 1, LeastWidth, MostWidth)) + "\r");
        }
    }
}
