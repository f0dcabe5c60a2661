using LlmMath.Memory;
using LlmMath.Planning.Scores;
using LlmMath.Speed;

namespace LlmMath.Planning.Search;

/// <summary>Everything that might serve, the cheapest machines first; on the same machines larger models and formats first,
/// engines by rank: of plans that cost the same, the first counts.</summary>
internal sealed class Candidates
{
    private readonly ServiceRequirements _r;
    private readonly (GpuOffers Offers, int Gpus, double Floor, EngineThere[] There)[] _machines;
    private readonly WeightChoice[][] _models;
    private readonly Engine[] _engines;
    private readonly QualityCheck _quality;

    // Candidates of a machine before each model, and in all.
    private readonly long[] _first;

    public Candidates(Demand demand)
    {
        ServiceRequirements r = demand.Requirements;
        _r = r;
        _engines = [.. r.Engines.Count > 0 ? r.Engines : ServiceRequirements.UsualEngines];
        _quality = new(r.Quality, r.MostLoss, r.AcceptsUnknownQuality, r.Models);
        _machines = [.. GpuOffers.Of(r)
            .SelectMany(offers => r.GpusPerReplica.Distinct()
                .Select(gpus => (offers, gpus, floor: offers.Floor(gpus), There(offers.Gpu))))
            .OrderBy(one => one.floor).ThenBy(one => one.offers.Gpu.Name, StringComparer.Ordinal).ThenBy(one => one.gpus)];
        _models = [.. r.Models.Distinct().Select(Choices).OrderByDescending(choices => choices[0].Bytes)
            .ThenBy(choices => choices[0].Model.Name, StringComparer.Ordinal)];
        _first = new long[_models.Length + 1];
        for (int model = 0; model < _models.Length; model++)
        {
            _first[model + 1] = _first[model] + ((long)_models[model].Length * _engines.Length);
        }

        EngineThere[] There(Gpu gpu) => [.. _engines.Select(engine => EngineThere.Of(engine, gpu, demand))];
    }

    /// <summary>How many there are.</summary>
    public long Count => _machines.Length * OfMachine;

    /// <summary>Kinds of GPU, each with its numbers of GPUs of a replica.</summary>
    public int Machines => _machines.Length;

    /// <summary>Models.</summary>
    public int Models => _models.Length;

    // Those of one machine.
    private long OfMachine => _first[^1];

    /// <summary>Machines, those first whose memory is fastest.</summary>
    public int[] FastestFirst() => [.. Enumerable.Range(0, _machines.Length)
        .OrderByDescending(at => _machines[at].Gpus * (_machines[at].Offers.Gpu.BytesPerSecond ?? 0))];

    /// <summary>Looks at each candidate of a model on so many of a GPU, and counts why it falls out.</summary>
    /// <param name="machine">Which machine.</param>
    /// <param name="model">Which model.</param>
    /// <param name="tally">Where that is counted.</param>
    /// <param name="cutAll">Why all fall out, by what they cost a month at least; null where that is not known.</param>
    /// <param name="cut">Why one falls out, which has a number among all; null where it does not, for now.</param>
    public void Visit(int machine, int model, Tally tally, Func<ModelDefinition, Gpu, double, DropReason?> cutAll,
        Func<Candidate, long, DropReason?> cut)
    {
        (GpuOffers offers, int gpus, double floor, EngineThere[] there) = _machines[machine];
        WeightChoice[] choices = _models[model];
        DropReason? all = double.IsPositiveInfinity(floor) ? DropReason.NoMachine
            : choices[0].Model.Architecture.ContextLength < _r.ContextTokens ? DropReason.Context
            : !_quality.Allows(choices[0].Model) ? DropReason.Quality
            : cutAll(choices[0].Model, offers.Gpu, floor);
        if (all is { } reason)
        {
            tally.Add(reason, choices.Length * _engines.Length);
            return;
        }

        long number = (machine * OfMachine) + _first[model];
        foreach (WeightChoice choice in choices)
        {
            if (!choice.Allows(_quality))
            {
                tally.Add(DropReason.Loss, _engines.Length);
                number += _engines.Length;
                continue;
            }

            for (int engine = 0; engine < _engines.Length; engine++, number++)
            {
                Candidate candidate = Of(choice, offers, _engines[engine], gpus, there[engine]);
                tally.Add(Static(candidate) ?? cut(candidate, number), 1);
            }
        }
    }

    private static Candidate Of(WeightChoice choice, GpuOffers offers, Engine engine, int gpus, in EngineThere there) =>
        new(choice, offers, engine,
            engine.SplitsByLayer ? new Parallelism { Pipeline = gpus } : new Parallelism { Tensor = gpus }, there);

    // What needs no estimate.
    private DropReason? Static(in Candidate candidate) =>
        !candidate.Engine.Supports(candidate.Choice.Weights, CacheFormat.Bf16) ? DropReason.Format
            : !FormatSupport.Runs(candidate.Choice.Weights, candidate.Engine, candidate.Offers.Gpu) ? DropReason.Hardware
            : candidate.There.Best > _r.WeakestBasis ? DropReason.Basis
            : candidate.There.Best != Basis.Bound && !candidate.Choice.IsKnown(candidate.Engine.Speed?.Kernels is not null)
                ? DropReason.SpeedUnknown
            : !candidate.Placement.Allows(candidate.Choice.Model.Architecture) ? DropReason.Division
            // A byte of each GPU may go by rounding.
            : (candidate.Choice.LeastBytes(candidate.Engine) / candidate.Gpus) - 1 > candidate.There.Room ? DropReason.Weights
            : null;

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
}
