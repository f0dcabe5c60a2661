using System.Globalization;
using System.Text;
using Ours = LlmMath.Interchange.Json;
using Theirs = System.Text.Json;

namespace LlmMath.Generators.Tests;

/// <summary>The generator's reader of JSON and .NET's give the same tokens, texts, numbers, positions and errors.</summary>
public class JsonReaderTests
{
    private static readonly string[] s_texts =
    [
        """{ "a": 1, "b": [true, false, null, -0.5e+3, "x\n\u00e9\ud83d\ude00"], "c": { "d": {} }, "é": [] }""",
        "{\n  \"rope\": {\"theta\": 1e6, \"big\": 123456789012345678901234567890, \"zero\": -0},\r\n\t\"list\": [[1,2],[3]]\n}\n",
        """[0, 10, 0.25, 1E5, 1e-7, 9223372036854775807, -9223372036854775808, 9223372036854775808]""",
        "\"alone\"", "12", "-", "01", "1.", "1.e", "1e", "1e+", "{", "[", "{\"a\"", "{\"a\":", "{\"a\":1",
        "{\"a\":1,", "[1,", "[1, ",
        "", " ", "]", "}", "{]", "[}", "[1,]", "{\"a\":1,}", "{a:1}", "[1 2]", "{\"a\" 1}", "tru", "nul",
        "fals", "truex", "[truth]",
        "\"\\u12\"", "\"\\u12x4\"", "\"\\q\"", "\"\\", "\"\\u", "\"ab", "\"a\tb\"", "\"\\ud83d\"",
        "\"\\ude00\"", "\"\\ud83dx\"",
        "\"\\ud83d\\ud83d\"", "1 2", "{} {}", "/* */ 1", "// x", "[1/2]", "1x", "1.5x", "1e5x", "0x10", "-x",
        "1.x", "+1", "\u00e9",
        "[\u00e9]", "{\"a\":1}\n\n x",
    ];

    [Fact]
    public void EachTextGivesTheSame() => Assert.All(s_texts, text => AssertSame(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void NestingEndsAtTheSameDepth() =>
        Assert.All(Enumerable.Range(60, 10), depth => AssertSame(Encoding.UTF8.GetBytes(new string('[', depth) + "{\"a\":{")));

    [Fact]
    public void MutatedTextsGiveTheSame()
    {
        var random = new Random(13);
        const string likely = "{}[]\",:0123456789.eE+-tfn\\u/ \n";
        for (int i = 0; i < 20_000; i++)
        {
            List<byte> text = [.. Encoding.UTF8.GetBytes(s_texts[random.Next(3)])];
            for (int j = random.Next(1, 5); j > 0 && text.Count > 0; j--)
            {
                byte other = random.Next(4) == 0 ? (byte)random.Next(256) : (byte)likely[random.Next(likely.Length)];
                int at = random.Next(text.Count);
                switch (random.Next(4))
                {
                    case 0: text.Insert(at, other); break;
                    case 1: text.RemoveAt(at); break;
                    case 2: text.RemoveRange(at, text.Count - at); text.Add(other); break;
                    default: text[at] = other; break;
                }
            }

            AssertSame([.. text]);
        }
    }

    private static void AssertSame(byte[] text)
    {
        string theirs = OfTheirs(text), ours = OfOurs(text);
        Assert.True(theirs == ours, $"{Encoding.UTF8.GetString(text)}\n{theirs}\n{ours}");
    }

    private static string OfOurs(byte[] text)
    {
        var said = new StringBuilder();
        var reader = new Ours.Utf8JsonReader(text, new Ours.JsonReaderOptions { MaxDepth = 64 });
        try
        {
            while (reader.Read())
            {
                said.Append(CultureInfo.InvariantCulture, $"{reader.TokenType}@{reader.TokenStartIndex} ");
                if (reader.TokenType is Ours.JsonTokenType.String or Ours.JsonTokenType.PropertyName)
                {
                    said.Append(reader.GetString());
                }
                else if (reader.TokenType == Ours.JsonTokenType.Number)
                {
                    Number(said, reader.TryGetInt64(out long whole), whole, reader.TryGetDouble(out double real), real);
                }
            }
        }
        catch (Ours.JsonException error)
        {
            Fault(said, error.Message, error.LineNumber, error.BytePositionInLine);
        }
        catch (InvalidOperationException)
        {
            said.Append("no text");
        }

        return said.ToString();
    }

    private static string OfTheirs(byte[] text)
    {
        var said = new StringBuilder();
        var reader = new Theirs.Utf8JsonReader(text, new Theirs.JsonReaderOptions { MaxDepth = 64 });
        try
        {
            while (reader.Read())
            {
                said.Append(CultureInfo.InvariantCulture, $"{reader.TokenType}@{reader.TokenStartIndex} ");
                if (reader.TokenType is Theirs.JsonTokenType.String or Theirs.JsonTokenType.PropertyName)
                {
                    said.Append(reader.GetString());
                }
                else if (reader.TokenType == Theirs.JsonTokenType.Number)
                {
                    Number(said, reader.TryGetInt64(out long whole), whole, reader.TryGetDouble(out double real), real);
                }
            }
        }
        catch (Theirs.JsonException error)
        {
            string message = error.Message;
            int position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            Fault(said, position < 0 ? message : message[..position], error.LineNumber, error.BytePositionInLine);
        }
        catch (InvalidOperationException)
        {
            said.Append("no text");
        }

        return said.ToString();
    }

    private static void Number(StringBuilder said, bool isWhole, long whole, bool isReal, double real) =>
        said.Append(CultureInfo.InvariantCulture, $"{(isWhole ? whole : "-")} {(isReal ? real : "-")} ");

    private static void Fault(StringBuilder said, string message, long? line, long? place) =>
        said.Append(CultureInfo.InvariantCulture, $"{message} {line}:{place}");
}
