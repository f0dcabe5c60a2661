using LlmMath.Training.Activations;
using LlmMath.Training.Methods;

namespace LlmMath.Training.Memory;

/// <summary>What one GPU of a stage holds at each moment of a step; the fullest is the peak.</summary>
internal readonly struct StageMemory
{
    // Parts of the tokens that a chunked loss runs over.
    private const double Chunks = 8;

    private readonly PlacedRun _run;
    private readonly PlacedStage _stage;
    private readonly RoleBytes _beside;
    private readonly double _tokens, _kept, _perLayer, _temporaries, _passing;
    private readonly int _tensor;

    public StageMemory(PlacedRun run, PlacedStage stage)
        : this(run, stage, stage.Beside)
    {
    }

    public StageMemory(PlacedRun run, PlacedStage stage, in RoleBytes beside)
    {
        (_run, _stage, _tokens, _tensor, _beside) = (run, stage, run.Tokens, run.On.Placement.Tensor, beside);
        double kept = 0, layers = 0, temporaries = 0, passing = 0;
        foreach ((LayerKept layer, int count) in stage.Layers)
        {
            kept += count * KeptOf(layer);
            layers += count;
            temporaries = Math.Max(temporaries, TemporariesOf(layer));
            passing = Math.Max(passing, PassingOf(layer));
        }

        (_kept, _perLayer, _temporaries) = (kept * InFlight(), layers == 0 ? 0 : kept / layers, temporaries);
        _passing = passing;
    }

    /// <summary>Bytes that lie in the host's memory for this GPU, activations among them.</summary>
    public long Host => checked((Has(Offload.Nvme) ? 0 : States) + KeptOnHost);

    /// <summary>Bytes that lie on the machine's drives for this GPU.</summary>
    public long Nvme => Has(Offload.Nvme) ? States : 0;

    /// <summary>Bytes of activations that lie in the host's memory, of all micro-batches in flight.</summary>
    public long KeptOnHost =>
        Has(Offload.Activations) && _run.Run.Recomputation == Recomputation.Full ? Bytes(_kept) : 0;

    /// <summary>Micro-batches in flight.</summary>
    public double Micros => InFlight();

    // Of the optimizer and of parameters, where they are offloaded.
    private long States => checked(
        (Has(Offload.Optimizer) ? _stage.States.Copies.Bytes + _stage.States.Moments.Bytes : 0)
        + (Has(Offload.Parameters) ? _stage.States.Parameters.Bytes + _stage.Frozen : 0));

    /// <summary>The fullest moment.</summary>
    /// <exception cref="OverflowException">A size exceeds 2⁶³ − 1 bytes.</exception>
    public MomentSum Peak()
    {
        MomentSum worst = AtLoss();
        worst = MomentSum.Fuller(worst, AtLastLayer());
        worst = MomentSum.Fuller(worst, AtFirstLayer());
        worst = MomentSum.Fuller(worst, AtStep());
        return _run.Run.Method.IsReinforced() ? worst : MethodFacts.ReferenceOf(_run.Run) switch
        {
            ReferenceModel.Kept or ReferenceModel.AdapterOff => MomentSum.Fuller(worst, AtReference()),
            ReferenceModel.Precomputed => MomentSum.Fuller(worst, AtPrecomputation()),
            _ => worst,
        };
    }

    /// <summary>What is there between two passes: weights and states, without gradients.</summary>
    public MomentSum Resting(TrainingMoment moment) => Base(moment) with
    {
        PassCopies = 0,
        Workspace = 0,
        Gradients = _run.Trainer.BuffersGradients ? AllGradients : 0,
    };

    /// <summary>A pass forward of which nothing is kept but log-probabilities or scores.</summary>
    public MomentSum Passing(TrainingMoment moment) => Base(moment) with
    {
        Gradients = _run.Trainer.BuffersGradients ? AllGradients : 0,
        Logits = _stage.Shard.HasOutputs ? Bytes(PassedLogits()) : 0,
        Gathered = Gathered(backward: false),
        Temporaries = Bytes(_passing),
    };

    // The reference passes forward while what the policy kept is there, its logits too; with KTO the logits of the mismatched
    // answers stay until those of the others are there. Source: huggingface/trl@f2cd57710, trl/trainer/dpo_trainer.py and
    // kto_trainer.py, _compute_loss.
    private MomentSum AtReference() => Base(TrainingMoment.ReferencePass) with
    {
        Gradients = Accumulated,
        Activations = Bytes(KeptHere),
        Logits = _stage.Shard.HasOutputs
            ? Bytes(KeptLogits() + (PassedLogits() * _run.Run.Method.ReferencePasses())) : 0,
        Gathered = Gathered(backward: false),
        Temporaries = Bytes(_passing),
    };

    // Before the optimizer has a state.
    private MomentSum AtPrecomputation() => Passing(TrainingMoment.Precomputation) with
    {
        Gradients = 0, Copies = 0, Moments = 0,
    };

    // Everything that was kept, and on the last stage the logits with what their way back takes.
    private MomentSum AtLoss() => Base(_stage.Shard.HasOutputs ? TrainingMoment.Loss : TrainingMoment.EndOfForward) with
    {
        Gradients = Accumulated,
        Activations = Bytes(KeptHere),
        Logits = _stage.Shard.HasOutputs ? Bytes(LogitsAtLoss()) : 0,
        Gathered = Gathered(backward: false),
    };

    private MomentSum AtLastLayer() => Base(TrainingMoment.LastLayerBackward) with
    {
        Gradients = Accumulated,
        Activations = Bytes(KeptHere),
        Logits = HeldLogits(),
        Gathered = Gathered(backward: true),
        Temporaries = Bytes(_temporaries),
    };

    // Of this micro-batch one layer is left; those of others in flight are there.
    private MomentSum AtFirstLayer() => Base(TrainingMoment.FirstLayerBackward) with
    {
        Gradients = AllGradients,
        Activations = Bytes(Has(Offload.Activations) ? _perLayer : (_kept * (1 - (1 / InFlight()))) + _perLayer),
        Logits = HeldLogits(),
        Gathered = Gathered(backward: true),
        Temporaries = Bytes(_temporaries),
    };

    private MomentSum AtStep() => Base(TrainingMoment.OptimizerStep) with
    {
        Gradients = AllGradients,
        PassCopies = 0,
        Temporaries = Has(Offload.Optimizer) || _run.Run.OptimizerInBackward ? 0
            : Bytes(_run.Trainer.StepBytes * _stage.Trained / StepShare),
    };

    private MomentSum Base(TrainingMoment moment) => new(moment, _stage.Number)
    {
        Weights = Has(Offload.Parameters) ? 0 : _stage.Frozen,
        Parameters = Has(Offload.Parameters) ? 0 : _stage.States.Parameters.Bytes,
        Copies = Has(Offload.Optimizer) ? 0 : _stage.States.Copies.Bytes,
        Moments = Has(Offload.Optimizer) ? 0 : _stage.States.Moments.Bytes,
        PassCopies = _stage.Copies,
        Workspace = _run.Trainer.Workspace.Expected.Bytes,
        Beside = _beside,
    };

    private bool Has(Offload part) => (_run.Run.Offload & part) != 0;

    private double StepShare => _run.On.Placement.Sharding == Sharding.None ? 1 : _run.On.Placement.ShardingDegree;

    private double KeptHere => Has(Offload.Activations) && _run.Run.Recomputation == Recomputation.Full ? _perLayer : _kept;

    // With an update in backward only a layer's gradients exist.
    private long AllGradients => _run.Run.OptimizerInBackward ? Math.Min(_stage.LargestGradients, _stage.States.Gradients.Bytes)
        : _stage.States.Gradients.Bytes;

    private long Accumulated => !_run.Run.OptimizerInBackward && (_run.Trainer.BuffersGradients || _run.MicroBatches > 1)
        ? _stage.States.Gradients.Bytes : 0;

    // ZeRO 3: the layer at work and the next are whole, and on the way back the layer's gradients; ZeRO 2: the gradients.
    private long Gathered(bool backward) => (_run.On.Placement.Sharding, _run.On.Placement.ShardingDegree) switch
    {
        (_, 1) => Has(Offload.Parameters) ? 2 * _stage.LargestLayer : 0,
        (Sharding.Zero3, _) => (2 * _stage.LargestLayer) + (backward ? _stage.LargestGradients : 0),
        (Sharding.Zero2, _) => backward ? _stage.LargestGradients : 0,
        _ => 0,
    };

    // What is there once the loss has its gradients: bytes a logit, of the vocabulary's share; the fused kernel keeps the
    // gradient of the last hidden state, and that of the head where it is trained.
    private double LogitsAtLoss()
    {
        double hidden = _tokens * _run.Architecture.HiddenSize * _run.Rules.Bytes;
        if (_run.Shape.Scores)
        {
            return hidden;
        }

        double logits = Logits, each = _run.Rules.LogitBytes + SecondLoss;
        return hidden + (_run.Run.Loss switch
        {
            LossKernel.Plain => logits * each,
            LossKernel.Chunked => logits * each / Chunks,
            _ => hidden + (_run.Adapted is null
                ? (double)_run.Architecture.HiddenSize * _run.Architecture.VocabularySize / _tensor * _run.Rules.Bytes : 0),
        });
    }

    private double Logits => _run.Shape.Scores ? 0 : _tokens * _run.Architecture.VocabularySize / _tensor;

    // ORPO's loss of the chosen half: its logits laid side by side, and their logarithms, in float32, over both halves. Source:
    // huggingface/trl@f2cd57710, trl/experimental/orpo/orpo_trainer.py, cross_entropy_loss in concatenated_forward.
    private double SecondLoss => _run.Run.Method == TrainingMethod.Orpo ? (4 + 4) / 2.0 : 0;

    private double OfLoss(double logits) => _run.Run.Loss switch
    {
        LossKernel.Plain => logits,
        LossKernel.Chunked => logits / Chunks,
        _ => 0,
    };

    private double KeptLogits() => OfLoss(Logits * ActivationRules.KeptLogitBytes);

    private double PassedLogits() =>
        (_tokens * _run.Architecture.HiddenSize * _run.Rules.Bytes) + OfLoss(Logits * _run.Rules.PassedLogitBytes);

    private long HeldLogits() => _stage.Shard.HasOutputs && _run.Trainer.HoldsLogits && _run.Run.Loss == LossKernel.Plain
        ? Bytes(Logits * _run.Rules.Bytes) : 0;

    private double Scores(in LayerKept layer) => layer.Scores(_tokens, _run.Run.SequenceLength, _tensor);

    private double KeptOf(in LayerKept layer) => _run.Run.Recomputation switch
    {
        Recomputation.None => layer.Of(_tokens, _tensor, _run.Run.SequenceParallel) + (Scores(layer) * _run.Rules.ScoreBytes),
        Recomputation.ByOperator => _tokens * layer.ByOperator / _tensor,
        Recomputation.Selective => layer.Of(_tokens, _tensor, _run.Run.SequenceParallel),
        _ => _tokens * layer.Input / _run.Run.RecomputedTogether / (_run.Run.SequenceParallel ? _tensor : 1),
    };

    // Forward alone: the residual stream before and after, what attention reads, or the feed-forward's widest results.
    private double PassingOf(in LayerKept layer) => (_tokens * ((2 * layer.Input)
        + (Math.Max(layer.AttentionDivided, 2.0 * _run.Rules.Bytes * layer.Widest) / _tensor)))
        + (Scores(layer) * (_run.Rules.IsEager ? _run.Rules.Bytes : 0));

    // The greater of two: attention's way back, once the feed-forward's is over, and the feed-forward's.
    private double TemporariesOf(in LayerKept layer)
    {
        double scores = Scores(layer), gradients = 2.0 * _tokens * _run.Rules.Bytes * layer.Widest / _tensor;
        double attention = scores * _run.Rules.ScorePeakBytes;
        if (_run.Run.Recomputation == Recomputation.None)
        {
            return Math.Max(attention, gradients);
        }

        double again = scores * _run.Rules.ScoreBytes;
        if (_run.Run.Recomputation == Recomputation.Selective)
        {
            return Math.Max(attention + again, gradients);
        }

        bool sequence = _run.Run.SequenceParallel;
        double others = (_run.Run.RecomputedTogether - 1) * (layer.Of(_tokens, _tensor, sequence) + again);
        return others + Math.Max(layer.OfAttention(_tokens, _tensor, sequence) + again + attention,
            layer.Of(_tokens, _tensor, sequence) + again + gradients);
    }

    // Micro-batches whose activations a stage holds: p − i of p stages (1F1B); with v runs of layers a stage
    // ((v − 1)·p + 2·(p − i − 1) + 1) ÷ v, on the first stage 1 + (p − 1) ÷ (p·v) times p. Source: Korthikanti et al.,
    // arXiv:2205.05198, section 4.2.3; Narayanan et al., arXiv:2104.04473, section 2.2.
    private double InFlight()
    {
        double stages = _run.On.Placement.Pipeline, runs = _run.Run.Interleaving, after = stages - _stage.Number - 1;
        double most = runs == 1 ? after + 1 : (((runs - 1) * stages) + (2 * after) + 1) / runs;
        return _run.KnowsBatch ? Math.Min(most, _run.MicroBatches) : most;
    }

    // To whole bytes, up; a size that has no number is an overflow.
    private static long Bytes(double bytes) => checked((long)Math.Ceiling(bytes));
}
