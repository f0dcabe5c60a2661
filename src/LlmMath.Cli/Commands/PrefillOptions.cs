using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using LlmMath.Architectures;

namespace LlmMath.Cli.Commands;

/// <summary>GPUs of their own that read prompts, as <c>--prefill-gpus</c> and its kin say.</summary>
internal sealed record PrefillQuestion
{
    public int? Reads { get; init; }

    public int? Writes { get; init; }

    public string? Gpu { get; init; }

    /// <summary>Gigabytes a second between the two sides, both directions together.</summary>
    public double? Link { get; init; }

    /// <summary>Whether anything was said of them.</summary>
    public bool IsAsked => Reads is not null || Writes is not null || Gpu is not null || Link is not null;

    /// <summary>The deployment with its two sides.</summary>
    /// <param name="on">The deployment, on one GPU.</param>
    /// <param name="asked">The rest of the question.</param>
    /// <exception cref="CliException">Something cannot be; the message names the option.</exception>
    public Deployment On(Deployment on, PlacementQuestion asked)
    {
        (int reads, int writes) = (Needed(Reads, "--prefill-gpus"), Needed(Writes, "--decode-gpus"));
        if (asked.Gpus is not (null or 1) && asked.Gpus != (long)reads + writes)
        {
            throw new CliException($"--gpus: --prefill-gpus {reads} and --decode-gpus {writes} are {(long)reads + writes} GPUs; "
                + $"it is {asked.Gpus}.");
        }

        if (asked.Data > 1)
        {
            throw new CliException("--dp: beside --prefill-gpus replicas are the GPUs of a side ÷ (--tp × --pp); leave it away.");
        }

        Architecture model = on.Model.Architecture;
        return on with
        {
            Placement = Side(model, asked, writes, "--decode-gpus"),
            Prefill = new()
            {
                Placement = Side(model, asked, reads, "--prefill-gpus"),
                Gpu = Gpu is null ? null : OptionWords.Speed.Named("--prefill-gpu", () => GpuCatalog.Load(Gpu)),
                LinkBytesPerSecond = Link * 1e9,
            },
        };
    }

    private static int Needed(int? gpus, string option) => gpus switch
    {
        null => throw new CliException($"{option} is needed where prompts are read on GPUs of their own."),
        < 1 => throw new CliException($"{option}: 1 or more is needed; it is {gpus}."),
        { } known => known,
    };

    // As many replicas as there are GPUs for, of as many GPUs each as --tp and --pp say, or as share a layer in one machine.
    private static Parallelism Side(Architecture model, PlacementQuestion asked, int gpus, string option)
    {
        int stages = asked.Pipeline ?? 1;
        int tensor = asked.Tensor ?? Enumerable.Range(1, Node.Usual.Gpus).Last(degree =>
            degree == 1 || (gpus % ((long)degree * stages) == 0 && Parallelism.For(model, degree) is { Pipeline: 1 }));
        long each = (long)tensor * stages;
        return gpus % each == 0
            ? new() { Tensor = tensor, Pipeline = stages, Data = (int)(gpus / each), Expert = asked.Expert ?? 0 }
            : throw new CliException($"{option}: a multiple of {each} is right, so many share the model (--tp {tensor}"
                + $"{(stages > 1 ? $", --pp {stages}" : "")}); it is {gpus}.");
    }
}

/// <summary>The options of <see cref="PrefillQuestion"/>.</summary>
internal sealed class PrefillOptions
{
    /// <summary>The keys of a line of <c>--requests</c>.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["prefill-gpus", "decode-gpus", "prefill-gpu", "prefill-link"];

    private readonly Option<int?> _reads = new("--prefill-gpus")
    {
        Description = "GPUs that only read prompts, and send the cache to those of --decode-gpus.", HelpName = "N",
    };

    private readonly Option<int?> _writes = new("--decode-gpus")
    {
        Description = "GPUs that only write, beside --prefill-gpus.", HelpName = "N",
    };

    private readonly Option<string?> _gpu = new("--prefill-gpu")
    {
        Description = "The kind of --prefill-gpus; that of --gpu unless given.", HelpName = "GPU",
    };

    private readonly Option<double?> _link = new("--prefill-link")
    {
        Description = "Gigabytes a second between GPUs that read and GPUs that write, both directions together; the GPUs' own "
            + "link unless given.",
        HelpName = "GB/s",
    };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_reads, _writes, _gpu, _link];

    /// <summary>What was said.</summary>
    public PrefillQuestion Of(ParseResult parsed) => new()
    {
        Reads = parsed.GetValue(_reads), Writes = parsed.GetValue(_writes), Gpu = parsed.GetValue(_gpu),
        Link = parsed.GetValue(_link),
    };
}
