using System.Globalization;
using LlmMath.Basics;
using LlmMath.Planning.Requirements;

namespace LlmMath.Planning;

/// <summary>Requests as they came: how long they were, how many a second, and how many in the busiest minute. Only counts are
/// kept, however long the trace.</summary>
/// <param name="Requests">How many there were.</param>
/// <param name="Prompt">Tokens of their prompts.</param>
/// <param name="Output">Tokens of their answers.</param>
/// <param name="RequestsPerSecond">In the mean from the first to the last; null where the trace has no times.</param>
/// <param name="PeakFactor">Requests of the busiest minute over those of the mean minute, 1 or more; 1 without times.</param>
public sealed record RequestTrace(
    long Requests, TokenLengths Prompt, TokenLengths Output, double? RequestsPerSecond, double PeakFactor)
{
    /// <summary>The most requests that are read: a week of one that comes every hundredth of a second is a sample too.</summary>
    public const long MostRequests = 20_000_000;

    private const int MostLine = 1 << 16;
    private static readonly string[] s_times = ["TIMESTAMP", "arrived_at", "time", "seconds"];
    private static readonly string[] s_prompts = ["ContextTokens", "num_prefill_tokens", "prompt", "input_length"];
    private static readonly string[] s_outputs = ["GeneratedTokens", "num_decode_tokens", "output", "output_length"];

    /// <summary>Reads a trace: lines of numbers separated by commas under a line of names, as Azure's traces
    /// (<c>TIMESTAMP,ContextTokens,GeneratedTokens</c>) and Vidur's (<c>arrived_at,num_prefill_tokens,num_decode_tokens</c>) are.
    /// A column of times may be missing; where it is there, it goes forward.</summary>
    /// <param name="reader">The trace's text.</param>
    /// <param name="name">How errors call it.</param>
    /// <exception cref="DefinitionException">A column is missing, a number is wrong, a request came before the one before it, or
    /// there are more than <see cref="MostRequests"/>: the error names line and column.</exception>
    public static RequestTrace Read(TextReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(name);
        string[] header = (Line(reader, name, 1) ?? "").Split(',');
        int time = Column(header, s_times), prompt = Column(header, s_prompts), output = Column(header, s_outputs);
        if (prompt < 0 || output < 0)
        {
            throw Wrong(name, 1, prompt < 0 ? s_prompts[0] : s_outputs[0], "the column is missing from the line of names");
        }

        LengthCount prompts = new(), outputs = new();
        double? first = null, last = null;
        long requests = 0, minute = 0, inMinute = 0, busiest = 0;
        for (long number = 2; Line(reader, name, number) is { } line; number++)
        {
            if (line.Length == 0)
            {
                continue;
            }

            if (++requests > MostRequests)
            {
                throw Wrong(name, number, "requests", $"at most {MostRequests:#,0} are read; give a sample of them");
            }

            string[] fields = line.Split(',');
            if (fields.Length != header.Length)
            {
                throw Wrong(name, number, "columns", $"{header.Length} are right; there are {fields.Length}");
            }

            prompts.Add(Tokens(fields[prompt], name, number, header[prompt]));
            outputs.Add(Tokens(fields[output], name, number, header[output]));
            if (time < 0)
            {
                continue;
            }

            double now = Seconds(fields[time], name, number, header[time]);
            if (now < last)
            {
                throw Wrong(name, number, header[time], "it came before the request of the line above; sort the trace by time");
            }

            first ??= now;
            last = now;
            long at = (long)((now - first.Value) / 60);
            inMinute = at == minute ? inMinute + 1 : 1;
            minute = at;
            busiest = Math.Max(busiest, inMinute);
        }

        if (requests == 0)
        {
            throw Wrong(name, 1, "requests", "there is none");
        }

        double span = last - first ?? 0, rate = span > 0 ? requests / span : 0;
        return new(requests, prompts.Lengths(), outputs.Lengths(), rate > 0 ? rate : null,
            span >= 60 ? Math.Max(1, busiest / (rate * 60)) : 1);
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(RequestTrace), PrintMembers);

    private static int Column(string[] header, string[] names) =>
        Array.FindIndex(header, field => names.Contains(field.Trim(), StringComparer.OrdinalIgnoreCase));

    private static double Tokens(string text, string name, long line, string column) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double tokens) && tokens is >= 0 and <= 1e9
            ? Math.Max(1, tokens)
            : throw Wrong(name, line, column, $"0 to 1,000,000,000 tokens are right; it is {NumberText.Quoted(text)}");

    private static double Seconds(string text, string name, long line, string column)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
            && seconds is > -1e12 and < 1e12)
        {
            return seconds;
        }

        return DateTime.TryParse(text, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime day)
            ? day.Ticks / (double)TimeSpan.TicksPerSecond
            : throw Wrong(name, line, column, $"seconds or a day and time are right; it is {NumberText.Quoted(text)}");
    }

    // A line, of which no more is held than any trace has.
    private static string? Line(TextReader reader, string name, long number)
    {
        var line = new System.Text.StringBuilder();
        int next;
        while ((next = reader.Read()) is >= 0 and not '\n')
        {
            if (line.Length >= MostLine)
            {
                throw Wrong(name, number, "line", $"at most {MostLine:#,0} characters are right");
            }

            line.Append((char)next);
        }

        return next < 0 && line.Length == 0 ? null : line.ToString().TrimEnd('\r');
    }

    private static DefinitionException Wrong(string name, long line, string field, FormattableString problem) =>
        Wrong(name, line, field, FormattableString.Invariant(problem));

    private static DefinitionException Wrong(string name, long line, string field, string problem) =>
        new DefinitionException(DefinitionFault.InvalidValue, field, problem + ".")
            .In(string.Create(CultureInfo.InvariantCulture, $"{name}, line {line}"));
}
