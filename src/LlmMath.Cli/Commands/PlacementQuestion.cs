using System.CommandLine;
using LlmMath.Architectures;

namespace LlmMath.Cli.Commands;

/// <summary>How a model is laid over GPUs, as <c>--gpus</c> and its kin say.</summary>
internal sealed record PlacementQuestion
{
    /// <summary>GPUs; null for 1, or for those of both sides.</summary>
    public int? Gpus { get; init; }

    public int? Tensor { get; init; }

    public int? Pipeline { get; init; }

    public int? Data { get; init; }

    public int? Expert { get; init; }

    /// <summary>What was said of GPUs of their own that read prompts.</summary>
    public PrefillQuestion Prefill { get; init; } = new();

    /// <summary>A deployment on one GPU, laid over all that were asked for.</summary>
    /// <param name="on">The deployment.</param>
    /// <param name="engine">The engine that was named or is usual; null where that is not known yet.</param>
    /// <exception cref="CliException">Something cannot be; the message names the option.</exception>
    public Deployment On(Deployment on, Engine? engine)
    {
        Require(Gpus, "--gpus", 1);
        Require(Tensor, "--tp", 1);
        Require(Pipeline, "--pp", 1);
        Require(Data, "--dp", 1);
        Require(Expert, "--ep", 0);
        return Prefill.IsAsked ? Prefill.On(on, this) : on with { Placement = Over(on.Model.Architecture, engine) };
    }

    // What is not said of the degrees is what is left of the GPUs, tensor parallelism first.
    private Parallelism Over(Architecture model, Engine? engine)
    {
        int gpus = Gpus ?? 1, data = Data ?? 1, each = gpus / data;
        if (gpus % data != 0)
        {
            throw new CliException($"--dp: {data} does not divide the {gpus} of --gpus.");
        }

        return (Tensor, Pipeline) switch
        {
            (var given, { } stages) => Stated(given ?? Math.Max(1, each / stages), stages, data, gpus),
            ({ } tensor, null) => each % tensor == 0 ? new() { Tensor = tensor, Pipeline = each / tensor }
                : throw new CliException($"--tp: {tensor} does not divide the {each} of --gpus{(data > 1 ? " ÷ --dp" : "")}."),
            _ when Expert > 0 => new() { Tensor = each },
            _ => Parallelism.For(model, each, engine) ?? throw new CliException(
                $"--gpus: {each} GPUs cannot share the model: neither its heads nor its layers divide so."),
        } with { Data = data, Expert = Expert ?? 0 };
    }

    private static Parallelism Stated(int tensor, int stages, int data, int gpus) =>
        (long)tensor * stages * data == gpus ? new() { Tensor = tensor, Pipeline = stages }
            : throw new CliException($"--gpus: --tp {tensor}, --pp {stages} and --dp {data} need "
                + $"{(long)tensor * stages * data} GPUs; they are {gpus}.");

    private static void Require(int? given, string option, int least)
    {
        if (given < least)
        {
            throw new CliException($"{option}: {least} or more is needed; it is {given}.");
        }
    }
}

/// <summary>The options of <see cref="PlacementQuestion"/>, which <c>memory</c> and <c>speed</c> share.</summary>
internal sealed class PlacementOptions
{
    private readonly Option<int?> _gpus = Number("--gpus", "How many of it; 1 unless given.");

    private readonly Option<int?> _tensor = Number("--tp", "GPUs that share each layer; as many as possible unless given.");

    private readonly Option<int?> _pipeline = Number("--pp", "Stages, each with a run of the layers.");

    private readonly Option<int?> _data =
        Number("--dp", "Replicas of attention among the GPUs, each with its share of the requests.");

    private readonly Option<int?> _expert =
        Number("--ep", "GPUs among which experts are spread; a part of every expert on each of --tp unless given.");

    private readonly PrefillOptions _prefill = new();

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_gpus, _tensor, _pipeline, _data, _expert, .. _prefill.All];

    /// <summary>What was said.</summary>
    public PlacementQuestion Of(ParseResult parsed) => new()
    {
        Gpus = parsed.GetValue(_gpus), Tensor = parsed.GetValue(_tensor), Pipeline = parsed.GetValue(_pipeline),
        Data = parsed.GetValue(_data), Expert = parsed.GetValue(_expert), Prefill = _prefill.Of(parsed),
    };

    private static Option<int?> Number(string name, string description) =>
        new(name) { Description = description, HelpName = "N" };
}
