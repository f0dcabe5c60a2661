namespace LlmMath.Generators;

/// <summary>The properties of an object initializer; what is null, false or empty is left out.</summary>
internal sealed class Settings
{
    private readonly List<string> _settings = [];

    public void Set(string property, string? value)
    {
        if (value is not null)
        {
            _settings.Add($"{property} = {value}");
        }
    }

    public void Flag(string property, bool value) => Set(property, value ? "true" : null);

    public void Texts(string property, ValueList<string> texts) =>
        Set(property, texts.Count == 0 ? null : Literal.List<string>(texts.Select(Literal.Of)));

    /// <summary>What follows a constructor; empty where nothing is set.</summary>
    public string Initializer() => _settings.Count == 0 ? "" : $" {{ {string.Join(", ", _settings)} }}";

    public string New<T>() => Literal.Set<T>(_settings);
}
