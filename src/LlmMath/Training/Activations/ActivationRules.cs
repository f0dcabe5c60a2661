using LlmMath.Architectures;
using LlmMath.Engines;
using LlmMath.Formats;

namespace LlmMath.Training.Activations;

/// <summary>What decides which activations of a layer are kept.</summary>
/// <param name="Trainer">What the trainer keeps.</param>
/// <param name="Bytes">Bytes of an activation.</param>
/// <param name="IsEager">Whether attention writes its scores.</param>
/// <param name="Ranks">Ranks of the tensors that an adapter works on, 0 for those trained whole; null where all parameters are
/// trained.</param>
/// <param name="KeepsFrozen">Whether frozen matrices of linear layers keep their inputs.</param>
/// <param name="HasDropout">Whether an adapter's inputs are dropped at random.</param>
internal sealed record ActivationRules(EngineTraining Trainer, int Bytes, bool IsEager, Dictionary<Tensor, int>? Ranks,
    bool KeepsFrozen, bool HasDropout)
{
    /// <summary>Bytes of a score that stays until the way back: what softmax gives, and with dropout a mask of a byte and what is
    /// left of the scores.</summary>
    public double ScoreBytes => (IsWide ? Trainer.WideScoreBytes : Trainer.ScoreBytes) + (Trainer.HasDropout ? 1 + Bytes : 0);

    /// <summary>Bytes of a score that a layer's way back takes beside.</summary>
    public double ScorePeakBytes => IsWide ? Trainer.WideScorePeakBytes : Trainer.ScorePeakBytes;

    /// <summary>Bytes of a logit while the loss is passed back.</summary>
    public double LogitBytes => IsWide ? Trainer.WideLogitBytes : Trainer.LogitBytes;

    /// <summary>Bytes of a logit of which nothing but the log-probability of one token is wanted, without a way back: the logit
    /// and its copy in float32. Source: huggingface/accelerate, utils/operations.py, <c>convert_to_fp32</c>;
    /// huggingface/trl@f2cd57710, trl/trainer/utils.py, <c>selective_log_softmax</c>, which works row by row.</summary>
    public double PassedLogitBytes => IsWide ? 4 : 6;

    /// <summary>Bytes of a logit that is kept from the log-probability to its way back: float32.</summary>
    public const double KeptLogitBytes = 4;

    /// <summary>Bytes of an element that a norm keeps.</summary>
    public int NormBytes => Math.Max(Bytes, Trainer.NormInputBytes);

    /// <summary>Bytes of an element of a pair's own input: copied to more bits than activations have, or dropped, with a mask of
    /// a byte; 0 where it reads what others read.</summary>
    public int OwnInputBytes => CopiesInputs ? Trainer.AdapterBytes + (HasDropout ? 1 : 0) : HasDropout ? Bytes + 1 : 0;

    private bool CopiesInputs => Trainer.UpcastsFrozen && Trainer.AdapterBytes > Bytes;

    private bool IsWide => Bytes == 4;

    /// <summary>Whether a tensor keeps what it reads, trained or not.</summary>
    public bool Keeps(Tensor tensor, int rank) => rank >= 0 || (KeepsFrozen && tensor.Kind.IsLinear());

    /// <summary>The rank of the adapter on a tensor; 0 where it is trained whole, −1 where it is frozen.</summary>
    public int RankOf(Tensor tensor) => Ranks is null ? 0 : Ranks.TryGetValue(tensor, out int rank) ? rank : -1;
}
