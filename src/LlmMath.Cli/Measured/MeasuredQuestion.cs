using LlmMath.Cli.Commands;
using LlmMath.Engines;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Measured;

/// <summary>What <c>llmmath calibrate</c> was told beside its files: what a row does not say, and the model and GPU where it says
/// them in words that are not known.</summary>
internal sealed record MeasuredQuestion
{
    // How far a tool's count of parameters may lie from the catalog's: GGUF files hold tables of rotary factors, or leave out a
    // vision tower.
    private const double CountTolerance = 0.03;

    public string? Model { get; init; }

    public string? Gpu { get; init; }

    public int? Gpus { get; init; }

    public int? Tensor { get; init; }

    public string? Weights { get; init; }

    public string? Cache { get; init; }

    /// <summary>The engine of all rows; null for what they say.</summary>
    public Engine? Engine { get; init; }

    public LocalMachine Machine { get; init; } = new();

    /// <summary>A row as the library takes it.</summary>
    /// <exception cref="CliException">What it names is not known, or it is of another model or engine; the message names the
    /// row.</exception>
    public OwnMeasurement Of(MeasuredRow row)
    {
        try
        {
            return Read(row);
        }
        catch (Exception problem) when (problem is CliException or ArgumentException or DefinitionException)
        {
            string message = OptionWords.Plain(problem);
            throw message.StartsWith(row.Row, StringComparison.Ordinal) ? new CliException(message, problem)
                : new CliException($"{row.Row}: {OptionWords.Speed.Line(problem)}", problem);
        }
    }

    private OwnMeasurement Read(MeasuredRow row)
    {
        if (Engine is not null && row.Engine is not null && EngineCatalog.Find(row.Engine).Name != Engine.Name)
        {
            throw new CliException($"it is of {row.Engine}, and --engine says {Engine}.");
        }

        ModelArgument model = ModelOf(row);
        LocalMachine machine = MachineOf(row, model.Required);
        bool isPrompt = row.Time != MeasuredTime.BetweenTokens;
        (Deployment deployment, Workload workload) = SpeedAnswer.Asked(new()
        {
            Model = model.Name,
            Gpu = GpuOf(row),
            Placement = new()
            {
                Gpus = Gpus ?? row.Gpus ?? Tensor ?? row.Tensor ?? 1,
                Tensor = Tensor ?? row.Tensor ?? (IsByLayer(row) ? 1 : null),
            },
            Weights = Weights ?? row.Weights,
            Cache = Cache ?? row.Cache ?? "bf16",
            Prompt = checked(row.Cached + Math.Max(isPrompt ? 1 : row.Prompt, Math.Max(1, row.Prompt))),
            Cached = row.Cached,
            Output = row.Output,
            Batch = row.Requests,
            Arrival = row.IsTogether || IsByLayer(row) ? "together" : null,
            Machine = machine,
        }, model);
        Engine engine = Engine ?? EngineCatalog.Find(row.Engine
            ?? throw new CliException("it does not say which engine was measured: give --engine."));
        return new(row.Row, deployment with
        {
            Engine = row.Pass is { } pass ? engine.WithPass(pass) : engine,
            StoredWeights = row.ModelBytes is { } bytes ? new(bytes) : null,
        }, workload with { ExtendsContext = true }, row.Time, row.Seconds);
    }

    private bool IsByLayer(MeasuredRow row) =>
        (Engine ?? (row.Engine is { } name ? EngineCatalog.Find(name) : null)) is { SplitsByLayer: true };

    private string GpuOf(MeasuredRow row)
    {
        if (Gpu is not null)
        {
            return Gpu;
        }

        string name = row.Gpu ?? throw new CliException("it does not say which GPU was measured: give --gpu.");
        return GpuCatalog.TryFind(name, out Gpu? gpu) || GpuCatalog.TryFindProcessor(name, out gpu) ? gpu.Name
            : throw new CliException($"\"{Output.Visible.Of(name)}\" is no GPU or processor that is known: give --gpu. "
                + "See: llmmath gpus");
    }

    private ModelArgument ModelOf(MeasuredRow row)
    {
        string name = Model ?? FileName(row.Model
            ?? throw new CliException("it does not say which model was measured: give --model."));
        ModelArgument argument;
        try
        {
            argument = ModelArgument.Resolve(name);
        }
        catch (CliException problem) when (Model is null)
        {
            throw new CliException($"{problem.Message.TrimEnd('.')}: give --model.", problem);
        }

        long counted = argument.Required.ParameterCount();
        return row.Parameters is not { } told || Math.Abs((told / (double)counted) - 1) <= CountTolerance ? argument
            : throw new CliException($"model_n_params {N(told)} is of another model than {argument.Name}, which has {N(counted)}"
                + $"{(Model is null ? ": give --model" : "")}.");
    }

    private LocalMachine MachineOf(MeasuredRow row, ModelDefinition model)
    {
        int? layers = row.Layers is { } on && on <= model.Architecture.LayerCount ? on : null;
        bool usesHost = layers is not null || row.ExpertLayers is not null || row.Rules.Count > 0;
        string? host = usesHost && row.Host is { } name && GpuCatalog.TryFindProcessor(name, out Gpu? known) ? known.Name
            : null;
        return Machine with
        {
            Layers = Machine.Layers ?? layers,
            ExpertLayers = Machine.ExpertLayers ?? row.ExpertLayers,
            Rules = Machine.Rules.Count > 0 ? Machine.Rules : row.Rules,
            Host = Machine.Host ?? host,
            Bandwidth = Machine.Bandwidth ?? row.Bandwidth,
            Threads = Machine.Threads ?? (usesHost || row.Layers == 0 ? row.Threads : null),
            Backend = Machine.Backend ?? row.Backend,
            WeightsStay = Machine.WeightsStay || row.WeightsStay,
            FlashAttention = Machine.FlashAttention ?? (row.Flash is { } flash ? flash ? "on" : "off" : null),
        };
    }

    // models/Qwen3-8B-Q4_K_M-00001-of-00002.gguf
    private static string FileName(string path)
    {
        if (!path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase))
        {
            return path;
        }

        string name = path[(path.LastIndexOfAny(['/', '\\']) + 1)..^".gguf".Length];
        int shards = name.LastIndexOf("-of-", StringComparison.OrdinalIgnoreCase);
        return shards > 6 && name[(shards + 4)..].All(char.IsAsciiDigit) ? name[..(shards - 6)] : name;
    }
}
