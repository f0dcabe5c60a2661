namespace LlmMath.Interchange.Json;

/// <summary>A JSON text as .NET's reader takes it: without a byte order mark, and with quotes around the NaN and Infinity that
/// Python writes, so that a size which is NaN fails by its field's name. Positions in it can be told in the text that was
/// given.</summary>
internal readonly ref struct JsonSource
{
    private static readonly byte[][] s_pythonNumbers = ["-Infinity"u8.ToArray(), "Infinity"u8.ToArray(), "NaN"u8.ToArray()];

    private readonly int _skipped;
    private readonly List<int> _quoted;

    public JsonSource(ReadOnlySpan<byte> given)
    {
        _skipped = given.StartsWith("\uFEFF"u8) ? 3 : 0;
        _quoted = [];
        Text = Quote(given.Slice(_skipped), _quoted);
    }

    /// <summary>What is to be read.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>The position, in the given text, of a position in <see cref="Text"/>.</summary>
    public long Origin(long position)
    {
        long added = 0;
        foreach (int start in _quoted)
        {
            if (start >= position)
            {
                break;
            }

            added += 2;
        }

        return _skipped + position - Math.Min(added, position);
    }

    /// <summary>The position in <see cref="Text"/> at which a line begins, counted from 0.</summary>
    public int LineStart(long line)
    {
        int start = 0;
        for (; line > 0 && Text.Slice(start).IndexOf((byte)'\n') is >= 0 and int end; line--)
        {
            start += end + 1;
        }

        return start;
    }

    // Notes the start of each pair of quotes, in the text that has them.
    private static ReadOnlySpan<byte> Quote(ReadOnlySpan<byte> text, List<int> starts)
    {
        if (text.IndexOf("NaN"u8) < 0 && text.IndexOf("Infinity"u8) < 0)
        {
            return text;
        }

        var quoted = new List<byte>(text.Length + 64);
        bool inString = false;
        for (int i = 0; i < text.Length; i++)
        {
            byte here = text[i];
            if (inString)
            {
                quoted.Add(here);
                if (here == '\\' && i + 1 < text.Length)
                {
                    quoted.Add(text[++i]);
                }
                else if (here == '"')
                {
                    inString = false;
                }
            }
            else if (PythonNumber(text.Slice(i)) is { } number)
            {
                starts.Add(quoted.Count);
                quoted.Add((byte)'"');
                quoted.AddRange(number);
                quoted.Add((byte)'"');
                i += number.Length - 1;
            }
            else
            {
                inString = here == '"';
                quoted.Add(here);
            }
        }

        return quoted.ToArray();
    }

    private static byte[]? PythonNumber(ReadOnlySpan<byte> text)
    {
        foreach (byte[] number in s_pythonNumbers)
        {
            if (text.StartsWith(number))
            {
                return number;
            }
        }

        return null;
    }
}
