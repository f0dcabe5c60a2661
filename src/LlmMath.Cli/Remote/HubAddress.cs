namespace LlmMath.Cli.Remote;

/// <summary>What a MODEL that lies on the Internet is read from: <c>hf:ORG/NAME</c>, with <c>@REVISION</c> and <c>/FILE</c> where
/// they are given, a page of the Hugging Face hub, or the https address of a file.</summary>
internal static class HubAddress
{
    /// <summary>The hub's host, and the only one that gets its token.</summary>
    public const string Host = "huggingface.co";

    private const string Prefix = "hf:", Shape = "hf:ORG/NAME, hf:ORG/NAME@REVISION or hf:ORG/NAME/FILE";

    /// <summary>Whether an argument is such an address.</summary>
    public static bool IsRemote(string argument) => argument.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        || argument.Contains("://", StringComparison.Ordinal);

    /// <summary>The address of a file, or of a folder, which ends in a slash.</summary>
    /// <exception cref="CliException">It is none, or not of https.</exception>
    public static Uri Of(string argument)
    {
        if (argument.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return OfRepository(argument);
        }

        if (!Uri.TryCreate(argument, UriKind.Absolute, out Uri? address) || address.Host.Length == 0)
        {
            throw new CliException($"{argument}: is no address; https://HOST/PATH or {Shape} is right.");
        }

        if (address.UserInfo.Length > 0)
        {
            throw new CliException($"{address.Host}: an address must not hold a name and password; give it without.");
        }

        return address.Host.Equals(Host, StringComparison.OrdinalIgnoreCase) ? OfPage(address) : address;
    }

    private static Uri OfRepository(string argument)
    {
        string[] parts = argument[Prefix.Length..].Split('/');
        string[] name = parts.Length > 1 ? parts[1].Split('@') : [];
        return name.Length is 1 or 2 && parts.Skip(2).Prepend(parts[0]).Concat(name).All(IsPlain)
            ? Resolved($"{parts[0]}/{name[0]}", name.Length == 2 ? name[1] : "main", string.Join('/', parts.Skip(2)))
            : throw new CliException($"{argument}: {Shape} is right.");
    }

    // A repository's page, or that of a file, stands for what it shows.
    private static Uri OfPage(Uri page)
    {
        string[] parts = page.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            [var owner, var name] => Resolved($"{owner}/{name}", "main", ""),
            [var owner, var name, "tree", var revision] => Resolved($"{owner}/{name}", revision, ""),
            [var owner, var name, "blob", var revision, .. var file] =>
                Resolved($"{owner}/{name}", revision, string.Join('/', file)),
            _ => page,
        };
    }

    private static Uri Resolved(string repository, string revision, string file) =>
        new($"https://{Host}/{repository}/resolve/{revision}/{file}");

    private static bool IsPlain(string part) => part.Length > 0 && part is not ("." or "..")
        && part.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '.' or '-' or '_');
}
