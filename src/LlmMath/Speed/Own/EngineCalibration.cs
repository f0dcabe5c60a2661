using System.Text.Json;
using LlmMath.Basics;
using LlmMath.Engines.Json;
using LlmMath.Speed;
using LlmMath.Speed.Own;
using LlmMath.Speed.Serving;

namespace LlmMath.Engines;

/// <summary>An engine's profile, moved by what was measured on one's own machine: the profile is what is expected, a few rows
/// move it and narrow its range.</summary>
public static class EngineCalibration
{
    /// <summary>The engine with what the rows teach: of the same model in the same format much, in another format less, of
    /// another model on that GPU and with that backend a little; elsewhere its estimates stay as they are.</summary>
    /// <param name="engine">The engine; what it was calibrated with before stays.</param>
    /// <param name="rows">What was measured, at most 500 in all.</param>
    /// <exception cref="EstimateException">A row is of another engine, no GPU is named, or its time is none or below the bound of
    /// the hardware; the error names the row.</exception>
    public static Engine CalibratedWith(this Engine engine, params IReadOnlyList<OwnMeasurement> rows)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(rows);
        EngineSpeed speed = engine.KnownSpeed();
        return speed.Own.Count + rows.Count <= OwnTimeJson.MostRows
            ? engine with { Speed = speed with { Own = [.. speed.Own, .. rows.Select(row => Kept(engine, row))] } }
            : throw new EstimateException("Rows", $"at most {NumberText.N(OwnTimeJson.MostRows)} are right; they are "
                + $"{NumberText.N(speed.Own.Count + rows.Count)}.");
    }

    /// <summary>What rows teach an engine, one for each: what was assumed, and what is expected now.</summary>
    /// <param name="engine">The engine without them.</param>
    /// <param name="rows">What was measured, at most 500 in all.</param>
    /// <exception cref="EstimateException">As for <see cref="CalibratedWith"/>.</exception>
    public static ValueList<LearnedTime> Learned(this Engine engine, params IReadOnlyList<OwnMeasurement> rows)
    {
        Engine calibrated = engine.CalibratedWith(rows);
        ValueList<OwnTime> own = calibrated.Speed!.Own;
        return [.. rows.Select((row, i) =>
        {
            OwnTime kept = own[own.Count - rows.Count + i];
            Deployment on = On(engine, row);
            (double now, Spread range, bool isDoubted) = At(on, calibrated, kept);
            (double unseen, _, _) = At(on, calibrated with
            {
                Speed = calibrated.Speed with { Own = [.. own.Where(other => !ReferenceEquals(other, kept))] },
            }, kept);
            Spread before = Range(DeployedSpeed.Of((on with { Engine = Plain(engine) }).Placed), row.Time);
            double profile = kept.ProfileMilliseconds / 1e3;
            return new LearnedTime(row, TimeRange.Of(profile, before), TimeRange.Of(profile * now, range),
                TimeRange.Span(profile * unseen), isDoubted);
        })];
    }

    /// <summary>Writes an engine that was calibrated as a file that <c>EngineCatalog.Load</c> reads: the rows, and the engine of
    /// the catalog that they are beside. It stays right as long as the catalog's profile does; another is refused.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="stream">Where to; it is left open.</param>
    /// <exception cref="EstimateException">It was not calibrated, or is no engine of the catalog.</exception>
    public static void WriteCalibration(this Engine engine, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(stream);
        EngineSpeed speed = engine.KnownSpeed();
        if (speed.Own.Count == 0)
        {
            throw new EstimateException("Engine", $"{engine.Name} was not calibrated: it has no rows to write.");
        }

        EngineSpeed? listed = EngineCatalog.TryFind(engine.Name, out Engine? entry) ? entry.Speed : null;
        string? release = listed?.Version == speed.Version ? null : speed.Version;
        bool isRelease = release is not null && listed?.Releases.Any(other => other.Version == release) == true;
        EngineSpeed? based = isRelease ? listed!.At(release!, engine.Name) : listed;
        if (based?.Fingerprint != speed.Fingerprint)
        {
            throw new EstimateException("Engine", $"{engine.Name} with this profile is no engine of the catalog; a file can only "
                + "name one of those.");
        }

        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        OwnTimeWriter.Write(writer, engine, release);
    }

    private static Engine Plain(Engine engine) => engine.Speed is { Own.Count: > 0 } speed
        ? engine with { Speed = speed with { Own = [] } } : engine;

    private static Deployment On(Engine engine, OwnMeasurement row)
    {
        Engine on = row.Deployment.Engine ?? engine;
        return on.Name == engine.Name ? row.Deployment with { Engine = Plain(on) }
            : throw new EstimateException(row.Row, $"was measured with {on.Name}, not with {engine.Name}.");
    }

    private static OwnTime Kept(Engine engine, OwnMeasurement row)
    {
        if (row.Deployment.Gpu is not { } gpu)
        {
            throw new EstimateException(row.Row, "is of no GPU that is named.");
        }

        if (!(row.Seconds > 0 && row.Seconds < 1e9))
        {
            throw new EstimateException(row.Row,
                $"its time must be above 0 and finite; it is {NumberText.Short(row.Seconds)} s.");
        }

        Deployment on = On(engine, row);
        var known = DeployedSpeed.Of(on.Placed);
        if (known.Rests.Basis == Basis.Bound)
        {
            throw new EstimateException("Engine",
                $"of {engine.Name} only the bound of the hardware is known, no profile that measurements could move.");
        }

        row.Workload.Check(on.Model.Architecture.ContextLength);
        var load = ServingLoad.Of(on.Placed, row.Workload);
        double profile = OwnMeasurement.Predict(row.Time, known.On, known.Constants, load);
        double bound = OwnMeasurement.Predict(row.Time, known.On.AtBound, EngineConstants.Bound, load);
        return row.Seconds < bound
            ? throw new EstimateException(row.Row, FormattableString.Invariant(
                $"{1e3 * row.Seconds:G4} ms are below the {1e3 * bound:G4} ms of the bound of {gpu}")
                    + ", which no program beats: it is another model, format or machine, or something was cached.")
            : new()
            {
                Row = row.Row,
                Time = row.Time,
                Gpu = gpu.Name,
                Host = known.On.Host is null ? null : on.Node.Host?.Name,
                Backend = known.Backend,
                Model = on.Model.Name,
                Place = OwnTimes.PlaceOf(on, load, row.Time != MeasuredTime.BetweenTokens),
                ProfileMilliseconds = 1e3 * profile,
                MeasuredMilliseconds = 1e3 * row.Seconds,
            };
    }

    private static (double Factor, Spread Range, bool IsDoubted) At(Deployment on, Engine engine, OwnTime row)
    {
        var known = DeployedSpeed.Of((on with { Engine = on.Engine! with { Speed = engine.Speed } }).Placed);
        OwnPosterior? learned = row.Time == MeasuredTime.BetweenTokens ? known.Own?.BetweenTokens : known.Own?.Prompts;
        (double factor, Spread range) = learned?.At(row.Place) ?? (1, Range(known, row.Time));
        return (factor, range, known.Own?.Contradicting.Contains(row) ?? false);
    }

    private static Spread Range(DeployedSpeed known, MeasuredTime time) =>
        time == MeasuredTime.BetweenTokens ? known.InterToken : known.FirstToken;
}
