using System.Text.RegularExpressions;
using LlmMath.Interchange;
using LlmMath.Models.Families;

namespace LlmMath.Models.Quantization;

/// <summary>
/// Names of modules as quantizers list them: a name, or a part of one between dots (<c>lm_head</c>, <c>mlp.gate</c>); a name
/// with <c>*</c> for anything; or after <c>re:</c> a regular expression that the name's beginning matches. What stands before a
/// model's layers (<c>model.language_model.</c>) differs from writer to writer and is passed over.
/// </summary>
internal sealed class ModulePatterns
{
    // Quantizers write a handful of expressions, and thousands of names.
    private const int MostExpressions = 256;

    // By the clock of a machine that may be busy: a good expression takes microseconds.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private static readonly HashSet<string> s_outer =
        new(StringComparer.Ordinal) { "model", "language_model", "language", "thinker", "text_model", "transformer", "llm" };

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<string> _globs = [];
    private readonly List<(Regex Expression, string Field)> _expressions = [];
    private readonly ConfigReader _config;

    private ModulePatterns(ConfigReader config) => _config = config;

    /// <summary>How many there are that every module is tried with.</summary>
    public int Tried => _globs.Count + _expressions.Count;

    /// <summary>The patterns that a field lists; none where it is missing.</summary>
    public static ModulePatterns Read(ConfigReader c, params string[] fields)
    {
        var patterns = new ModulePatterns(c);
        foreach (string field in fields)
        {
            ValueList<string> texts = c.Texts(field) ?? [];
            for (int i = 0; i < texts.Count; i++)
            {
                patterns.Add(texts[i], $"{field}[{i}]");
            }
        }

        return patterns;
    }

    /// <summary>One pattern, which stands in a field.</summary>
    public static ModulePatterns One(ConfigReader c, string text, string field)
    {
        var patterns = new ModulePatterns(c);
        patterns.Add(text, field);
        return patterns;
    }

    /// <summary>A module's name without what stands before the layers.</summary>
    public static string Inner(string module)
    {
        string[] parts = module.Split('.');
        int first = 0;
        while (first < parts.Length - 1 && s_outer.Contains(parts[first]))
        {
            first++;
        }

        return string.Join(".", parts.Skip(first));
    }

    /// <summary>Whether one of them names a module, or a module that it stands in.</summary>
    /// <param name="module">The module, as the checkpoint names it.</param>
    /// <exception cref="DefinitionException">A regular expression takes too long.</exception>
    public bool Match(string module)
    {
        string inner = Inner(module);
        return (_names.Count > 0 && HasPart(inner))
            || _globs.Any(glob => Glob.Matches(glob, inner) || Glob.Matches(glob + ".*", inner))
            || _expressions.Any(e => IsMatch(e, module) || IsMatch(e, "model." + inner));
    }

    private bool HasPart(string inner)
    {
        string[] parts = inner.Split('.');
        for (int first = 0; first < parts.Length; first++)
        {
            string part = parts[first];
            for (int last = first; ; part += "." + parts[last])
            {
                if (_names.Contains(part))
                {
                    return true;
                }

                if (++last == parts.Length)
                {
                    break;
                }
            }
        }

        return false;
    }

    private void Add(string text, string field)
    {
        const string expression = "re:";
        if (!text.StartsWith(expression, StringComparison.Ordinal))
        {
            if (text.IndexOf('*') >= 0)
            {
                _globs.Add(Inner(text));
            }
            else
            {
                _names.Add(Inner(text));
            }

            return;
        }

        if (_expressions.Count == MostExpressions)
        {
            throw _config.Invalid(field, $"is one regular expression too many: at most {(ConfigValue)MostExpressions} are read.");
        }

        try
        {
            string beginning = @"\A(?:" + text.Substring(expression.Length) + ")";
            _expressions.Add((new Regex(beginning, RegexOptions.CultureInvariant, Longest), field));
        }
        catch (ArgumentException error)
        {
            throw new DefinitionException(DefinitionFault.InvalidValue, _config.Path(field),
                $"must be a regular expression after \"re:\"; it is {(ConfigValue)text}.", error);
        }
    }

    private bool IsMatch((Regex Expression, string Field) pattern, string name)
    {
        try
        {
            return pattern.Expression.IsMatch(name);
        }
        catch (RegexMatchTimeoutException error)
        {
            throw new DefinitionException(DefinitionFault.TooLarge, _config.Path(pattern.Field),
                "is a regular expression that takes too long on a module's name.", error);
        }
    }
}
