using LlmMath.Engines;

namespace LlmMath.Generators;

/// <summary>A trainer's definition as an entry of the catalog.</summary>
internal static class TrainerEmitter
{
    public static Entry ToEntry(Engine trainer, string path, string member) => new(DefinitionKind.Trainer, path, trainer.Name,
        trainer.DisplayName, member, $"{trainer.DisplayName}, which trains.", Expression(trainer))
        {
            Aliases = trainer.Aliases,
        };

    private static string Expression(Engine trainer)
    {
        var settings = new Settings();
        settings.Set("Name", Literal.Of(trainer.Name));
        settings.Set("DisplayName", Literal.Of(trainer.DisplayName));
        settings.Texts("Aliases", trainer.Aliases);
        settings.Set("Training", Memory(trainer.Training!));
        settings.Set("MemoryUnknown", EngineEmitter.Text(trainer.MemoryUnknown));
        settings.Set("SpeedUnknown", EngineEmitter.Text(trainer.SpeedUnknown));
        settings.Texts("Sources", trainer.Sources);
        return settings.New<Engine>();
    }

    private static string Generation(TrainingGeneration generation)
    {
        var settings = new Settings();
        settings.Set("Architecture", Literal.Of(generation.Architecture));
        settings.Set("Rows", Literal.Of(generation.Rows));
        settings.Set("QuantizedRows", generation.QuantizedRows == 0 ? null : Literal.Of(generation.QuantizedRows));
        settings.Set("FittedOn", Literal.Of(generation.FittedOn));
        settings.Set("Step", EngineSpeedEmitter.Of(generation.Step));
        settings.Set("MixtureStep", EngineSpeedEmitter.Of(generation.MixtureStep));
        settings.Set("Values", Literal.List<double>(generation.Values.Select(Literal.Of)));
        return settings.New<TrainingGeneration>();
    }

    private static string Memory(EngineTraining training)
    {
        var settings = new Settings();
        settings.Set("Recipe", Literal.Of(training.Recipe));
        settings.Set("AdapterBytes", Literal.Of(training.AdapterBytes));
        settings.Flag("UpcastsFrozen", training.UpcastsFrozen);
        settings.Set("NormInputBytes", Literal.Of(training.NormInputBytes));
        settings.Flag("RepeatsKeys", training.RepeatsKeys);
        settings.Flag("FusesActivation", training.FusesActivation);
        settings.Flag("HasDropout", training.HasDropout);
        settings.Set("ScoreBytes", Literal.Of(training.ScoreBytes));
        settings.Set("WideScoreBytes", Literal.Of(training.WideScoreBytes));
        settings.Set("ScorePeakBytes", Literal.Of(training.ScorePeakBytes));
        settings.Set("WideScorePeakBytes", Literal.Of(training.WideScorePeakBytes));
        settings.Set("LogitBytes", Literal.Of(training.LogitBytes));
        settings.Set("WideLogitBytes", Literal.Of(training.WideLogitBytes));
        settings.Flag("HoldsLogits", training.HoldsLogits);
        settings.Flag("OverlapsOffload", training.OverlapsOffload);
        settings.Flag("KeepsFrozenInputs", training.KeepsFrozenInputs);
        settings.Flag("BuffersGradients", training.BuffersGradients);
        settings.Set("StepBytes", Literal.Of(training.StepBytes));
        settings.Set("Workspace", EngineEmitter.Range(training.Workspace));
        settings.Set("Context", EngineEmitter.Range(training.Context));
        settings.Set("ReservedLow", Literal.Of(training.ReservedLow));
        settings.Set("Reserved", Literal.Of(training.Reserved));
        settings.Set("ReservedHigh", Literal.Of(training.ReservedHigh));
        settings.Flag("IsMeasured", training.IsMeasured);
        settings.Set("Generations", training.Generations.Count == 0 ? null
            : Literal.List<TrainingGeneration>(training.Generations.Select(Generation)));
        settings.Texts("Sources", training.Sources);
        settings.Set("Note", EngineEmitter.Text(training.Note));
        return settings.New<EngineTraining>();
    }
}
