using System.ComponentModel;
using LlmMath.Basics;

namespace LlmMath.Engines;

/// <summary>What an engine reaches on one generation of hardware. Times are in seconds, shares are factors on the peak.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record EngineConstants
{
    private readonly double[] _values;

    /// <summary>Makes constants; generated code does.</summary>
    /// <param name="values">The values in the order of <see cref="EngineConstant.All"/>, in its units.</param>
    /// <exception cref="EstimateException">Their number is another.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public EngineConstants(ValueList<double> values)
    {
        if (values.Count != EngineConstant.All.Count)
        {
            throw new ArgumentException("One value for each of EngineConstant.All is needed.", nameof(values));
        }

        Values = values;
        _values = new double[values.Count];
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = values[i] * EngineConstant.All[i].Unit;
        }
    }

    /// <summary>Constants over an array of values in seconds and shares that its owner may change: what a fit varies.</summary>
    internal static EngineConstants Over(double[] seconds) => new(ValueList<double>.Empty, seconds);

    private EngineConstants(ValueList<double> values, double[] seconds) => (Values, _values) = (values, seconds);

    /// <summary>The pure bound: every peak is reached, nothing else takes time.</summary>
    public static EngineConstants Bound { get; } = new([.. EngineConstant.All.Select(constant => constant.Neutral)]);

    /// <summary>The values in the order of <see cref="EngineConstant.All"/>, in its units.</summary>
    public ValueList<double> Values { get; }

    /// <summary>Share of the memory bandwidth that reading weights reaches.</summary>
    public double BandwidthEfficiency => _values[0];

    /// <summary>Share of the memory bandwidth that reading the cache reaches.</summary>
    public double CacheBandwidthEfficiency => _values[1];

    /// <summary>Share of the peak rate that matrix products reach with many tokens.</summary>
    public double ComputeEfficiency => _values[2];

    /// <summary>Tokens at which matrix products reach half of their share.</summary>
    public double HalfTokens => _values[3];

    /// <summary>Factor on the share of 4-bit weights.</summary>
    public double FourBitFactor => _values[4];

    /// <summary>Factor on the share in experts.</summary>
    public double ExpertComputeFactor => _values[5];

    /// <summary>Tokens of one expert at which its products reach half of their share.</summary>
    public double ExpertHalfTokens => _values[6];

    /// <summary>Factor on the bandwidth of experts' weights.</summary>
    public double ExpertBandwidthFactor => _values[7];

    /// <summary>Independent picks that one token counts for when experts touched are reckoned.</summary>
    public double RoutingSpread => _values[8];

    /// <summary>Share of the 16-bit peak rate that attention's products reach.</summary>
    public double AttentionEfficiency => _values[9];

    /// <summary>Share of the lesser of memory and compute time that is not hidden behind the greater.</summary>
    public double SerialShare => _values[10];

    /// <summary>Seconds of a pass.</summary>
    public double StepSeconds => _values[11];

    /// <summary>Seconds of a layer.</summary>
    public double LayerSeconds => _values[12];

    /// <summary>Seconds of a normalization.</summary>
    public double NormSeconds => _values[13];

    /// <summary>Seconds that a layer of experts adds.</summary>
    public double MixtureLayerSeconds => _values[14];

    /// <summary>Seconds that latent attention adds in a layer.</summary>
    public double LatentLayerSeconds => _values[15];

    /// <summary>Seconds that a sparse indexer adds in a layer.</summary>
    public double IndexerLayerSeconds => _values[16];

    /// <summary>Seconds that a recurrent state adds in a layer.</summary>
    public double RecurrentLayerSeconds => _values[17];

    /// <summary>Seconds that a sequence adds to a decoding pass.</summary>
    public double SequenceSeconds => _values[18];

    /// <summary>Seconds that each doubling of the tensor-parallel GPUs adds in a layer.</summary>
    public double HopSeconds => _values[19];

    /// <summary>Seconds that each doubling of the expert-parallel GPUs adds in a layer, attention being data-parallel.</summary>
    public double ExchangeSeconds => _values[20];

    /// <summary>Share of the link's bandwidth that collectives reach.</summary>
    public double LinkEfficiency => _values[21];

    /// <summary>Seconds that a prefill pass adds.</summary>
    public double PrefillStepSeconds => _values[22];

    /// <summary>Seconds that a layer adds in a prefill pass.</summary>
    public double PrefillLayerSeconds => _values[23];

    /// <summary>Seconds before a request is taken up.</summary>
    public double FirstTokenSeconds => _values[24];

    /// <summary>Intervals between tokens that a new request waits.</summary>
    public double StepsWaited => _values[25];

    /// <summary>Bytes of memory traffic for each element that enters or leaves a matrix.</summary>
    public double ActivationBytes => _values[26];

    /// <summary>Share of making and reading 16-bit copies of packed weights that shows in a prefill pass.</summary>
    public double UnpackedShare => _values[27];

    /// <summary>Bytes of memory traffic for a head's score of two tokens, where it does not stay in the chip.</summary>
    public double ScoreBytes => _values[28];

    /// <summary>Seconds that starting a product adds for each matrix.</summary>
    public double MatrixSeconds => _values[29];

    /// <summary>Factor on the share of 8-bit weights.</summary>
    public double EightBitFactor => _values[30];

    /// <summary>Seconds that a layer of weights of 8 or 4 bits adds where what enters it is rounded, by kernels of their
    /// own.</summary>
    public double RoundedLayerSeconds => _values[31];

    /// <summary>Times what kernels' timings give for matrix products.</summary>
    public double ProductFactor => _values[32];

    /// <summary>Share of a single kernel's launch that shows among others, 1 at most.</summary>
    public double LaunchShare => _values[33];

    /// <summary>Times what kernels' timings give for experts.</summary>
    public double ExpertFactor => _values[34];

    /// <summary>Times what kernels' timings give for attention of written tokens.</summary>
    public double DecodeFactor => _values[35];

    /// <summary>Times what kernels' timings give for attention of prompts.</summary>
    public double PromptFactor => _values[36];

    /// <summary>Times what timings give for collectives.</summary>
    public double CollectiveFactor => _values[37];

    /// <summary>Seconds of the host for a request, one after the other.</summary>
    public double RequestSeconds => _values[38];

    /// <summary>Seconds of the host for a token of a prompt.</summary>
    public double PromptTokenSeconds => _values[39];

    /// <summary>Share of system memory's bandwidth that the processor reaches reading weights.</summary>
    public double HostBandwidthEfficiency => _values[40];

    /// <summary>Share of it that the processor reaches reading the cache.</summary>
    public double HostCacheEfficiency => _values[41];

    /// <summary>The processor's products ÷ its peak of 32-bit floats; integer products exceed 1.</summary>
    public double HostComputeEfficiency => _values[42];

    /// <summary>Factor on that of tiled kernels.</summary>
    public double HostTiledFactor => _values[43];

    /// <summary>Factor on it of kernels that take a row with a token at a time.</summary>
    public double HostRowsFactor => _values[44];

    /// <summary>Factor on it of kernels that look elements up in a table besides.</summary>
    public double HostGridFactor => _values[45];

    /// <summary>Seconds of a layer that has weights in system memory.</summary>
    public double HostLayerSeconds => _values[46];

    /// <summary>Share of the PCI Express link that copying weights to the GPU reaches.</summary>
    public double CopyEfficiency => _values[52];

    /// <summary>Tokens at which the processor's products reach half of their share.</summary>
    public double HostHalfTokens => _values[47];

    /// <summary>The processor's products of attention ÷ its peak of 32-bit floats.</summary>
    public double HostAttentionEfficiency => _values[48];

    /// <summary>Factor on the share in reading the cache without flash attention.</summary>
    public double PlainCacheFactor => _values[49];

    /// <summary>Factor on the shares of attention over latent caches.</summary>
    public double LatentCacheFactor => _values[50];

    /// <summary>Factor on the bandwidth of 16-bit weights.</summary>
    public double WideBandwidthFactor => _values[51];

    /// <summary>Factor on the memory bandwidth at which attention reads the cache again for each block of a prompt: what the
    /// chip's caches hold of it makes it exceed 1.</summary>
    public double PromptCacheFactor => _values[53];

    /// <summary>Seconds that a sequence adds to each stage of a pipeline, where the host does not schedule ahead. Source:
    /// NVIDIA/TensorRT-LLM, tensorrt_llm/_torch/pyexecutor/py_executor.py: pipelines run in a loop of their own, without
    /// overlap.</summary>
    public double StageSequenceSeconds => _values[54];

    /// <summary>Factor on <see cref="ExpertFactor"/> of experts in 4 bits, whose kernels are others.</summary>
    public double FourBitExpertFactor => _values[55];

    /// <summary>Seconds of the host that a layer of experts adds before the first token: a pass with prompts is launched kernel
    /// by kernel, where one that only writes is a graph.</summary>
    public double FirstMixtureLayerSeconds => _values[56];

    /// <summary>Layers of experts that one of latent attention counts for in that.</summary>
    public double FirstLatentLayers => _values[57];

    /// <summary>The same with what is reckoned with a processor taken from constants of that processor.</summary>
    internal EngineConstants WithHost(EngineConstants host) => new([.. Values.Select((value, i) =>
        EngineConstant.All[i].IsOfHost ? host.Values[i] : value)]);

    /// <summary>The constants of another release: each times its factor there ÷ its factor here.</summary>
    internal EngineConstants Times(ValueList<double> to, ValueList<double> from) =>
        new([.. Values.Select((value, i) => value * to[i] / from[i])]);

    /// <summary>Whether the values are the same.</summary>
    /// <param name="other">The other constants, or null.</param>
    public bool Equals(EngineConstants? other) => other is not null && Values.Equals(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => Values.GetHashCode();

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(EngineConstants), PrintMembers);
}
