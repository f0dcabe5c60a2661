using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LlmMath.Generators.Tests;

/// <summary>Text of a definition is never code: whatever stands in it, the generated file has the nodes and tokens of one made of
/// harmless text, and each literal has the text's value.</summary>
public class InjectionTests
{
    private static readonly CatalogShape s_application = new(IsLibrary: false, HasLibrary: true, HasExtensions: false);

    private static readonly CSharpParseOptions s_options = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    // What ends a line, a comment, a literal, a tag, an entity, or begins a directive, in C#, XML, Unicode or JSON.
    private static readonly string[] s_fragments =
    [
        "\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029", "\v", "\f", "\0", "\x1b[2J", "\u202e", "\ufeff", "\ufffe", "\uffff",
        "\ufffd",
        "\ud800", "\udc00", "\U0001F600", "\U000E0001", "*/", "/*", "//", "///", "\"", "\"\"\"", "'", "\\", "\\\"", "\\u0022",
        "{", "}",
        "{{", "}}", "@\"", "$\"", "</summary>", "<summary>", "<", ">", "&", "&#xA;", "&#x85;", "&amp", "<![CDATA[", "]]>", "<!--",
        "-->", "<?", "#error", "#endif", "#pragma", "#line 1 \"x\"", " ", "x", "é", "class Z { }",
        "} } class Z { static Z() { } } //",
        "[assembly: System.Obsolete]", "\r\n#error", "\u2029#error",
    ];

    [Fact]
    public void NoCharacterLeavesItsPlace()
    {
        // Half surrogates are among them, each beside a character that makes no pair with it.
        string[] texts = [.. Enumerable.Range(0, 0x110000).Chunk(4096).Select(chunk => string.Concat(chunk.Select(codePoint =>
            codePoint is >= 0xD800 and <= 0xDFFF ? $"{(char)codePoint}-" : char.ConvertFromUtf32(codePoint))))];
        HoldTheSame(texts, text => Files(Bare(text)));
        HoldTheSame(texts[..16], text => Texts.Entries(text).SelectMany(Files));
    }

    [Fact]
    public void NoDrawnTextLeavesItsPlace()
    {
        var random = new Random(20261129);
        IEnumerable<string> texts = Enumerable.Range(0, 20_000).Select(_ => Draw(random));
        HoldTheSame([.. texts.Chunk(50).Select(chunk => string.Join(' ', chunk))], text => Texts.Entries(text).SelectMany(Files));
    }

    private static string Draw(Random random)
    {
        var text = new StringBuilder();
        for (int parts = random.Next(1, 9); parts > 0; parts--)
        {
            text.Append(random.Next(4) == 0 ? ((char)random.Next(0x10000)).ToString() : random.GetItems(s_fragments, 1)[0]);
        }

        return text.ToString();
    }

    private static void HoldTheSame(IReadOnlyList<string> texts, Func<string, IEnumerable<string>> sources)
    {
        const string harmless = "harmless";
        Shape[] expected = [.. sources(harmless).Select(Shape.Of)];
        Assert.All(expected, shape => Assert.Contains(harmless, shape.Literals));
        Parallel.ForEach(texts, text =>
        {
            Shape[] actual = [.. sources(text).Select(Shape.Of)];
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.Equal(expected[i].Syntax, actual[i].Syntax);
                Assert.Equal(expected[i].Literals.Select(literal => literal == harmless ? text : literal), actual[i].Literals);
            }
        });
    }

    /// <summary>What every entry is made of, whatever its kind.</summary>
    private static Entry Bare(string text) =>
        new(DefinitionKind.Model, Texts.Path(text), text, text, "Entry", text, Literal.Of(text));

    private static IEnumerable<string> Files(Entry entry) =>
    [
        CatalogEmitter.Member(entry, s_application),
        CatalogEmitter.Index(entry.Kind, [EntryName.Of(entry)], s_application),
    ];

    /// <summary>A file's syntax without the values of its string literals, and these values.</summary>
    private sealed record Shape(string Syntax, IReadOnlyList<string> Literals)
    {
        public static Shape Of(string source)
        {
            SyntaxTree tree = CSharpSyntaxTree.ParseText(source, s_options);
            Assert.Empty(tree.GetDiagnostics());
            var syntax = new StringBuilder();
            var literals = new List<string>();
            foreach (SyntaxToken token in tree.GetRoot().DescendantTokens())
            {
                foreach (SyntaxTrivia trivia in token.LeadingTrivia.Concat(token.TrailingTrivia))
                {
                    syntax.Append(trivia.Kind()).Append(' ');
                    AppendTags(syntax, trivia);
                }

                bool isText = token.IsKind(SyntaxKind.StringLiteralToken);
                syntax.Append(isText ? "text" : token.Text).Append(' ');
                if (isText)
                {
                    literals.Add(token.ValueText);
                }
            }

            return new(syntax.ToString(), literals);
        }

        private static void AppendTags(StringBuilder syntax, SyntaxTrivia trivia)
        {
            foreach (SyntaxNode node in trivia.GetStructure()?.DescendantNodes() ?? [])
            {
                syntax.Append(node.Kind()).Append(node is XmlNameSyntax ? node.ToString() : "").Append(' ');
            }
        }
    }
}
