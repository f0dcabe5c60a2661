using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static LlmMath.Fuzz.PropertyException;

namespace LlmMath.Fuzz.Generator;

/// <summary>Which members a generated file declares. Those of any entry are those of one that means no harm, under its own
/// name.</summary>
internal static class Shapes
{
    private const string Probe = "HarmlessProbe";

    private static readonly Dictionary<string, string> s_harmless = new()
    {
        ["model"] = """{ "id": "a", "config": { "model_type": "opt", "num_hidden_layers": 2 } }""",
        ["gpu"] = """{ "name": "a", "vendor": "b", "sources": ["s"] }""",
        ["engine"] = """
            { "name": "a", "speed": { "generations": [ { "architecture": "Hopper", "vendor": "NVIDIA", "gpus": ["h100-sxm-80gb"], "rows": 3,
              "fitted_on": "b", "first_token": { "low": 0.9, "high": 1.2 }, "inter_token": { "low": 0.9, "high": 1.1 },
              "constants": { "bandwidth_efficiency": 0.8 } } ] }, "memory": { "unknown": "c" } }
            """,
    };

    private static readonly Dictionary<(LanguageVersion Language, string HintName), string[]> s_known = [];

    /// <summary>Requires of every file that it declares what it should, and nothing else.</summary>
    /// <returns>The members made, by catalog: <c>ModelCatalog.Probe</c>.</returns>
    public static IReadOnlyList<string> Check(LanguageVersion language, Made made)
    {
        var members = new List<string>();
        foreach (GeneratedSourceResult source in made.Result.GeneratedSources)
        {
            string[] parts = source.HintName.Split('.');
            bool isIndex = parts[1] == "Entries";
            string[] expected = Expected(language, isIndex ? source.HintName : $"{parts[0]}.{Probe}.g.cs");
            string[] found = Declared(source.SyntaxTree.GetRoot());
            IEnumerable<string> named = expected.Select(member => isIndex ? member
                : member.Replace(Probe, parts[1], StringComparison.Ordinal));
            Require(found.SequenceEqual(named, StringComparer.Ordinal), "a file declares what it should and nothing else",
                $"{source.HintName}: {string.Join(", ", found)}");
            if (!isIndex)
            {
                members.Add($"{parts[0]}.{parts[1]}");
            }
        }

        return members;
    }

    private static string[] Expected(LanguageVersion language, string hintName)
    {
        lock (s_known)
        {
            if (!s_known.TryGetValue((language, hintName), out string[]? known))
            {
                Definition[] harmless = [.. s_harmless.Select(pair =>
                    new Definition("/x/harmless.json", pair.Value, pair.Key, Probe))];
                foreach (GeneratedSourceResult source in Application.Make(language, harmless).Result.GeneratedSources)
                {
                    s_known[(language, source.HintName)] = Declared(source.SyntaxTree.GetRoot());
                }

                known = s_known[(language, hintName)];
            }

            return known;
        }
    }

    // Declarations by kind and name, attributes, and what the preprocessor is told.
    private static string[] Declared(SyntaxNode root) =>
    [
        .. root.DescendantNodes(static node => node is not ExpressionSyntax).Where(static node => node is MemberDeclarationSyntax
            or AttributeListSyntax).Select(static node => $"{node.Kind()} {Name(node)}"),
        .. root.DescendantTrivia(descendIntoTrivia: true).Where(static trivia => trivia.IsDirective)
            .Select(static trivia => trivia.ToFullString().Trim()),
    ];

    private static string Name(SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        FieldDeclarationSyntax field => string.Join(' ', field.Declaration.Variables.Select(variable =>
            variable.Identifier.ValueText)),
        BaseNamespaceDeclarationSyntax space => space.Name.ToString(),
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        _ => "",
    };
}
