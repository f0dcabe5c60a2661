using System.CommandLine;
using LlmMath.Planning;

namespace LlmMath.Cli.Commands;

/// <summary>What <c>llmmath plan</c> is asked, and what was chosen where nothing was said.</summary>
/// <param name="Requirements">The requirements.</param>
/// <param name="Assumed">What was chosen.</param>
internal sealed record PlanQuestion(ServiceRequirements Requirements, IReadOnlyList<string> Assumed)
{
    private const double UsualActiveShare = 0.3, UsualPerMinute = 1, UsualDeadline = 24;

    /// <summary>Reads the options.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="o">Its options.</param>
    /// <param name="hasLimits">Whether the use case's limits hold where none was given.</param>
    /// <exception cref="CliException">Something that was asked cannot be, or names nothing; the message names the
    /// option.</exception>
    public static PlanQuestion Of(ParseResult parsed, PlanOptions o, bool hasLimits = true)
    {
        var assumed = new List<string>();
        UseCase use = OptionWords.Plan.Named("--use", () => UseCase.Find(parsed.GetValue(o.Use)
            ?? Chosen(parsed.GetValue(o.BatchRequests) is null ? "chat" : "batch", "--use", assumed)));
        RequestTrace? trace = parsed.GetValue(o.Trace) is { } file ? OptionWords.Plan.Named("--trace", () => Read(file)) : null;
        double? percentile = parsed.GetValue(o.Percentile);
        NothingIsIdle(parsed, o);
        ServiceRequirements r = new()
        {
            Models = Models(parsed.GetValue(o.Models)!),
            Load = Load(parsed, o, use, trace, assumed),
            Prompt = trace?.Prompt ?? Lengths(parsed, o.Prompt, o.PromptP95, use.Prompt, assumed),
            Output = trace?.Output ?? Lengths(parsed, o.Output, o.OutputP95, use.Output, assumed),
            SharedPrefixTokens = parsed.GetValue(o.Shared) ?? 0,
            Turns = parsed.GetValue(o.Turns) ?? 1,
            LongestContext = parsed.GetValue(o.Context),
            TimeToFirstToken = Limit(o.MaxFirst, use.TimeToFirstToken),
            InterTokenLatency = Limit(o.MaxInter, use.InterTokenLatency),
            EndToEnd = Limit(o.MaxTotal, null),
            Residency = (parsed.GetValue(o.Residency) ?? Chosen("any", "--residency", assumed)).ToLowerInvariant() switch
            {
                "any" => Residency.Any,
                "cloud" => Residency.OwnAccount,
                "premises" => Residency.Premises,
                { } other => throw new CliException($"--residency: premises, cloud or any is right; it is \"{other}\"."),
            },
            Quality = [.. (parsed.GetValue(o.Quality) ?? []).Select(text => OptionWords.Plan.Named("--quality",
                () => QualityFloor.Parse(text)) with
            {
                ReportedBy = parsed.GetValue(o.QualityBy) is { } who
                    ? Known("--quality-by", who, Planning.Quality.Scores.Select(score => score.ReportedBy)) : null,
            })],
            MostLoss = parsed.GetValue(o.MaxLoss),
            AcceptsUnknownQuality = parsed.GetValue(o.UnknownQuality),
            Budget = parsed.GetValue(o.Budget),
            HoursPerMonth = parsed.GetValue(o.Hours) ?? TokenCost.HoursPerMonth,
            Months = parsed.GetValue(o.Months) ?? 12,
            GrowthPerYear = parsed.GetValue(o.Growth) ?? 0,
        };
        if (percentile is not null && r is { TimeToFirstToken: null, InterTokenLatency: null, EndToEnd: null })
        {
            throw new CliException("--percentile: a limit is needed beside it: --max-ttft, --max-itl or --max-total.");
        }

        return new(Allowed(parsed, o, r), assumed);

        LatencyLimit? Limit(Option<double?> option, LatencyLimit? usual)
        {
            if (parsed.GetValue(option) is { } milliseconds)
            {
                return OptionWords.Plan.Named(option.Name,
                    () => LatencyLimit.Of(milliseconds, percentile ?? LatencyLimit.UsualPercentile));
            }

            if (!hasLimits || usual is not { } known)
            {
                return null;
            }

            assumed.Add(FormattableString.Invariant($"{option.Name} {known.AtMost.TotalMilliseconds:0}"));
            return OptionWords.Plan.Named("--percentile", () =>
                LatencyLimit.Of(known.AtMost.TotalMilliseconds, percentile ?? LatencyLimit.UsualPercentile));
        }
    }

    // An option that another makes meaningless is not passed over in silence.
    private static void NothingIsIdle(ParseResult parsed, PlanOptions o)
    {
        bool owned = "premises".Equals(parsed.GetValue(o.Residency), StringComparison.OrdinalIgnoreCase);
        bool isBatch = parsed.GetValue(o.BatchRequests) is not null;
        foreach ((Option option, bool isIdle, string why) in ((Option, bool, string)[])
        [
            (o.Deadline, !isBatch, "it is of a batch: --batch-requests is needed beside it"),
            (o.Peak, isBatch, "a batch has no busiest minute"),
            (o.ActiveShare, parsed.GetValue(o.Users) is null, "it is of users: --users is needed beside it"),
            (o.PerMinute, parsed.GetValue(o.Users) is null, "it is of users: --users is needed beside it"),
            (o.QualityBy, parsed.GetValue(o.Quality) is not { Length: > 0 }, "--quality is needed beside it"),
            (o.Providers, owned, "machines are bought with --residency premises; it is of rented ones"),
            (o.Kinds, owned, "machines are bought with --residency premises; it is of rented ones"),
            (o.Hours, owned, "machines are bought with --residency premises; it is of rented ones"),
        ])
        {
            if (isIdle && parsed.GetResult(option) is { Implicit: false })
            {
                throw new CliException($"{option.Name}: {why}.");
            }
        }
    }

    private static ServiceRequirements Allowed(ParseResult parsed, PlanOptions o, ServiceRequirements r)
    {
        ValueList<Engine> engines = [.. Names(parsed.GetValue(o.Engines)).Select(name =>
            OptionWords.Plan.Named("--engine", () => EngineCatalog.Load(name)))];
        string? weights = parsed.GetValue(o.Weights);
        return r with
        {
            Engines = engines,
            Weights = weights == "all"
                ? [.. WeightFormat.All.Where(format => (engines.Count > 0 ? engines : ServiceRequirements.UsualEngines)
                    .Any(engine => engine.Supports(format, CacheFormat.Bf16)))]
                : [.. Names(weights).Select(name => OptionWords.Plan.Named("--weights", () => WeightFormat.Find(name)))],
            WeakestBasis = parsed.GetValue(o.Basis)?.ToLowerInvariant() switch
            {
                null or "extrapolated" => Basis.Extrapolated,
                "interpolated" => Basis.Interpolated,
                "kernels-measured" => Basis.KernelsMeasured,
                "measured" => Basis.Measured,
                { } other => throw new CliException(
                    $"--basis: measured, kernels-measured, interpolated or extrapolated is right; it is \"{other}\"."),
            },
            Gpus = [.. Names(parsed.GetValue(o.Gpus))
                .Select(name => OptionWords.Plan.Named("--gpu", () => GpuCatalog.Load(name)))],
            GpusPerReplica = parsed.GetValue(o.Tensor) is { } degrees
                ? [.. Names(degrees).Select(text => int.TryParse(text, out int degree) && degree > 0 ? degree
                    : throw new CliException($"--tp: numbers from 1 are right, with commas; it is \"{degrees}\"."))]
                : r.GpusPerReplica,
            Vendors = [.. Names(parsed.GetValue(o.Vendors)).Select(name => Known("--vendor", name,
                GpuCatalog.All.Select(gpu => gpu.Vendor)))],
            Providers = [.. Names(parsed.GetValue(o.Providers)).Select(name => Known("--provider", name,
                Prices(parsed, o).Instances.Select(price => price.Provider)))],
            PriceKinds = parsed.GetValue(o.Kinds) is { } kinds
                ? [.. Names(kinds).Select(name => Known("--price-kind", name,
                    Prices(parsed, o).Instances.Select(price => price.Kind)))]
                : r.PriceKinds,
            Prices = Prices(parsed, o),
            Ownership = parsed.GetValue(o.Place) is { } place
                ? OptionWords.Plan.Named("--place", () => Ownership.Catalog.At(place)) : Ownership.Catalog,
        };
    }

    private static PriceList Prices(ParseResult parsed, PlanOptions o) => parsed.GetValue(o.Prices) is { } file
        ? OptionWords.Plan.Named("--prices", () => PriceList.Load(file).Over(PriceList.Catalog)) : PriceList.Catalog;

    private static ValueList<ModelDefinition> Models(string[] names) => names is ["all"]
        ? ModelCatalog.All : [.. names.Select(name => ModelArgument.Resolve(name).Required)];

    private static ServiceLoad Load(ParseResult parsed, PlanOptions o, UseCase use, RequestTrace? trace, List<string> assumed)
    {
        (double? users, double? rate, double? tokens, double? batch) = (parsed.GetValue(o.Users), parsed.GetValue(o.Rate),
            parsed.GetValue(o.TokensPerDay), parsed.GetValue(o.BatchRequests));
        int said = new[] { users, rate, tokens, batch }.Count(load => load is not null);
        if (said > 1)
        {
            throw new CliException("--users, --rps, --tokens-per-day, --batch-requests: one of them is right.");
        }

        if (said == 0 && trace?.RequestsPerSecond is null)
        {
            throw new CliException("--users is needed: people who have access; or --rps, --tokens-per-day or --batch-requests.");
        }

        double peak = parsed.GetValue(o.Peak) ?? trace?.PeakFactor
            ?? (batch is null ? Chosen(use.PeakFactor, "--peak", assumed) : 1);
        return OptionWords.Plan.Named("the load", () =>
            batch is { } requests ? ServiceLoad.OfBatch(requests,
                TimeSpan.FromHours(Hours(parsed.GetValue(o.Deadline) ?? Chosen(UsualDeadline, "--deadline", assumed))))
            : tokens is { } written ? ServiceLoad.OfTokensPerDay(written, peak)
            : users is not { } people ? ServiceLoad.OfRate(rate ?? trace!.RequestsPerSecond!.Value, peak)
            : ServiceLoad.OfUsers(people, parsed.GetValue(o.ActiveShare) ?? Chosen(UsualActiveShare, "--active-share", assumed),
                parsed.GetValue(o.PerMinute) ?? Chosen(UsualPerMinute, "--requests-per-minute", assumed), peak));
    }

    private static double Hours(double hours) => hours is > 0 and < 1e6 ? hours
        : throw new CliException("--deadline: more than 0 hours are right, and fewer than 1,000,000.");

    private static TokenLengths Lengths(
        ParseResult parsed, Option<double?> center, Option<double?> p95, TokenLengths usual, List<string> assumed)
    {
        if (parsed.GetValue(center) is not { } tokens)
        {
            return parsed.GetValue(p95) is null ? Chosen(usual, center.Name, assumed)
                : throw new CliException($"{center.Name} is needed beside {p95.Name}: the median.");
        }

        return OptionWords.Plan.Named(center.Name, () => parsed.GetValue(p95) is { } most
            ? TokenLengths.LogNormal(tokens, most) : TokenLengths.Fixed(tokens));
    }

    private static RequestTrace Read(string file)
    {
        using StreamReader reader = File.OpenText(file);
        return RequestTrace.Read(reader, file);
    }

    private static string Known(string option, string name, IEnumerable<string> all)
    {
        string[] known = [.. all.Distinct().Order(StringComparer.Ordinal)];
        return Array.Find(known, one => one.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new CliException($"{option}: {string.Join(", ", known)} are known; it is \"{name}\".");
    }

    /// <summary>Names between commas.</summary>
    internal static string[] Names(string? names) => (names ?? "").Split(
        ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>What was chosen where nothing was said, noted.</summary>
    internal static T Chosen<T>(T value, string option, List<string> assumed)
    {
        assumed.Add(FormattableString.Invariant($"{option} {value}"));
        return value;
    }
}
