using LlmMath.Memory;
using LlmMath.Planning.Scores;
using LlmMath.Speed;

namespace LlmMath.Planning.Search;

/// <summary>Everything that might serve, the cheapest machines first; on the same machines larger models and formats first,
/// engines by rank: of plans that cost the same, the first counts.</summary>
internal sealed class Candidates
{
    private readonly ServiceRequirements _r;
    private readonly (GpuOffers Offers, int Gpus, double Floor, Place[] Places)[] _machines;
    private readonly WeightChoice[][] _models;
    private readonly Engine[] _engines;
    private readonly QualityCheck _quality;

    public Candidates(ServiceRequirements r)
    {
        _r = r;
        _engines = [.. r.Engines.Count > 0 ? r.Engines : ServiceRequirements.UsualEngines];
        _quality = new(r.Quality, r.MostLoss, r.AcceptsUnknownQuality, r.Models);
        _machines = [.. GpuOffers.Of(r)
            .SelectMany(offers => r.GpusPerReplica.Distinct()
                .Select(gpus => (offers, gpus, floor: offers.Floor(gpus), Places(offers.Gpu))))
            .OrderBy(one => one.floor).ThenBy(one => one.offers.Gpu.Name, StringComparer.Ordinal).ThenBy(one => one.gpus)];
        _models = [.. r.Models.Distinct().Select(Choices).OrderByDescending(choices => choices[0].Bytes)
            .ThenBy(choices => choices[0].Model.Name, StringComparer.Ordinal)];
    }

    /// <summary>How many there are.</summary>
    public long Count => _machines.Length * (long)_engines.Length * _models.Sum(choices => choices.Length);

    /// <summary>Looks at each of them, and counts why it falls out.</summary>
    /// <param name="tally">Where that is counted.</param>
    /// <param name="cutAll">Why all of a model on so many of a GPU fall out, by what they cost a month at least; null where that
    /// is not known.</param>
    /// <param name="cut">Why one falls out; null where it does not, for now.</param>
    /// <param name="progress">Called with the share that is done.</param>
    public void Visit(Tally tally, Func<ModelDefinition, Gpu, double, DropReason?> cutAll, Func<Candidate, DropReason?> cut,
        Action<double> progress)
    {
        for (int at = 0; at < _machines.Length; at++)
        {
            (GpuOffers offers, int gpus, double floor, Place[] places) = _machines[at];
            for (int model = 0; model < _models.Length; model++)
            {
                progress((at + ((double)model / _models.Length)) / _machines.Length);
                WeightChoice[] choices = _models[model];
                DropReason? all = double.IsPositiveInfinity(floor) ? DropReason.NoMachine
                    : choices[0].Model.Architecture.ContextLength < _r.ContextTokens ? DropReason.Context
                    : !_quality.Allows(choices[0].Model) ? DropReason.Quality
                    : cutAll(choices[0].Model, offers.Gpu, floor);
                if (all is { } reason)
                {
                    tally.Add(reason, choices.Length * _engines.Length);
                    continue;
                }

                foreach (WeightChoice choice in choices)
                {
                    if (!choice.Allows(_quality))
                    {
                        tally.Add(DropReason.Loss, _engines.Length);
                        continue;
                    }

                    for (int engine = 0; engine < _engines.Length; engine++)
                    {
                        Candidate candidate = Of(choice, offers, _engines[engine], gpus);
                        tally.Add(Static(candidate, places[engine]) ?? cut(candidate), 1);
                    }
                }
            }
        }
    }

    private static Candidate Of(WeightChoice choice, GpuOffers offers, Engine engine, int gpus) => new(choice, offers, engine,
        engine.SplitsByLayer ? new Parallelism { Pipeline = gpus } : new Parallelism { Tensor = gpus });

    // What needs no estimate.
    private DropReason? Static(in Candidate candidate, in Place place) =>
        !candidate.Engine.Supports(candidate.Choice.Weights, CacheFormat.Bf16) ? DropReason.Format
            : !FormatSupport.Runs(candidate.Choice.Weights, candidate.Engine, candidate.Offers.Gpu) ? DropReason.Hardware
            : place.Basis > _r.WeakestBasis ? DropReason.Basis
            : !candidate.Placement.Allows(candidate.Choice.Model.Architecture) ? DropReason.Division
            // A byte of each GPU may go by rounding.
            : (candidate.Choice.LeastBytes(candidate.Engine) / candidate.Gpus) - 1 > place.Room ? DropReason.Weights
            : null;

    // What each engine can fill of a GPU, and what its times rest on there.
    private Place[] Places(Gpu gpu) => [.. _engines.Select(engine => new Place(
        gpu.IsMemoryKnown ? MemoryFit.RoomFor(engine.On(gpu), gpu).Bytes : 0,
        engine.Speed is { } speed ? EngineChoice.Of(speed, gpu).Basis : Basis.Bound))];

    private WeightChoice[] Choices(ModelDefinition model)
    {
        IEnumerable<WeightFormat> formats = _r.Weights;
        if (_r.Weights.Count == 0)
        {
            formats = ServiceRequirements.UsualWeights.Where(format => _engines.Any(engine => engine.Loads(format)));
            if (Own(model) is { } own && formats.All(usual => usual.Name != own.Name))
            {
                formats = formats.Append(own);
            }
        }

        // Where no engine loads any, that is the reason.
        return [.. formats.DefaultIfEmpty(WeightFormat.Bf16).Distinct()
            .Select(format => new WeightChoice(model, format)).OrderByDescending(choice => choice.Bytes)];
    }

    // Null where the checkpoint's own format is not understood: the usual ones remain.
    private static WeightFormat? Own(ModelDefinition model)
    {
        try
        {
            return model.CheckpointFormat;
        }
        catch (DefinitionException)
        {
            return null;
        }
    }

    private readonly record struct Place(long Room, Basis Basis);
}
