using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;

namespace LlmMath.Cli;

/// <summary>What a shell asks for while a command line is typed: <c>[suggest:POSITION] "llmmath params op"</c>, as dotnet-suggest
/// and the shell functions in README.md ask.</summary>
internal static class Completions
{
    private const string Directive = "[suggest";

    // What an argument or an option of a name takes.
    private static readonly Dictionary<string, Func<IEnumerable<string>>> s_names = new(StringComparer.Ordinal)
    {
        ["MODEL"] = () => ModelCatalog.Entries.Names,
        ["--against"] = () => ModelCatalog.Entries.Names,
        ["--draft"] = () => ModelCatalog.Entries.Names,
        ["--gpu"] = () => GpuCatalog.Entries.Names,
        ["--engine"] = () => EngineCatalog.Entries.Names,
        ["--weights"] = () => WeightFormat.All.Select(format => format.Name),
        ["--kv"] = () => CacheFormat.All.Select(format => format.Name),
        ["--family"] = () => ModelCatalog.All.Select(model => model.Architecture.Family).Distinct(),
        ["--vendor"] = () => GpuCatalog.All.Select(gpu => gpu.Vendor).Distinct(),
    };

    /// <summary>Whether a command line asks for completions; they are written one a line.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="root">The command that is being typed.</param>
    /// <param name="parser">How it is parsed.</param>
    /// <param name="output">Where they go.</param>
    public static bool Write(string[] args, Command root, ParserConfiguration parser, TextWriter output)
    {
        if (args.Length == 0 || !args[0].StartsWith(Directive, StringComparison.Ordinal) || args[0][^1] != ']')
        {
            return false;
        }

        foreach (Command verb in root.Subcommands)
        {
            Attach(verb);
        }

        string line = args.Length > 1 ? args[1] : "";
        string given = args[0][Directive.Length..^1].TrimStart(':');
        bool isSaid = int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int position);
        int named = line.StartsWith(root.Name, StringComparison.OrdinalIgnoreCase) ? root.Name.Length : 0;
        int end = Math.Clamp(isSaid ? position : line.Length, named, line.Length);
        string start = line[named..end].TrimStart();
        foreach (CompletionItem item in root.Parse(start, parser).GetCompletions(start.Length))
        {
            output.WriteLine(item.Label);
        }

        return true;
    }

    private static void Attach(Command verb)
    {
        foreach (Argument argument in verb.Arguments.Where(argument => s_names.ContainsKey(argument.Name)))
        {
            argument.CompletionSources.Add(Of(s_names[argument.Name]));
        }

        foreach (Option option in verb.Options.Where(option => s_names.ContainsKey(option.Name)))
        {
            option.CompletionSources.Add(Of(s_names[option.Name]));
        }
    }

    private static Func<CompletionContext, IEnumerable<CompletionItem>> Of(Func<IEnumerable<string>> names) => context => names()
        .Where(name => name.Contains(context.WordToComplete, StringComparison.OrdinalIgnoreCase))
        .Select(name => new CompletionItem(name));
}
