using System.Text;

namespace LlmMath.Cli.Commands;

/// <summary>Lines of a stream, however long it is: a line is kept only as far as a request may be long.</summary>
internal static class RequestLines
{
    /// <summary>Characters that no request exceeds.</summary>
    public const int Longest = 1 << 20;

    private const int ByteOrderMark = 0xFEFF;

    /// <summary>The lines in order; null stands for one that is too long.</summary>
    public static IEnumerable<string?> Of(TextReader input)
    {
        char[] buffer = new char[1 << 16];
        var line = new StringBuilder();
        bool isTooLong = false, isOpen = false, isFirst = true;
        int count;
        while ((count = input.Read(buffer, 0, buffer.Length)) > 0)
        {
            int start = isFirst && buffer[0] == ByteOrderMark ? 1 : 0;
            isFirst = false;
            for (int end = Array.IndexOf(buffer, '\n', start, count - start); end >= 0;
                end = Array.IndexOf(buffer, '\n', start, count - start))
            {
                Take(start, end);
                yield return isTooLong ? null : line.ToString().TrimEnd('\r');
                line.Clear();
                (start, isTooLong, isOpen) = (end + 1, false, false);
            }

            Take(start, count);
            isOpen |= start < count;
        }

        if (isOpen)
        {
            yield return isTooLong ? null : line.ToString();
        }

        void Take(int from, int to)
        {
            isTooLong |= line.Length + to - from > Longest;
            line.Append(buffer, from, isTooLong ? 0 : to - from);
        }
    }
}
