using System.Globalization;
using LlmMath.Interchange;

namespace LlmMath.Models.Families;

/// <summary>Which fields of a config a family asked for, as paths, and which objects it looked into. What it did not ask for is
/// therefore known, and kept by nobody.</summary>
internal sealed class ReadFields
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal), _opened = new(StringComparer.Ordinal);

    public void Add(string path) => _read.Add(path);

    public bool Has(string path) => _read.Contains(path);

    /// <summary>Notes that an object's own fields are asked for one by one.</summary>
    public void Open(string path) => _opened.Add(path);

    /// <summary>Fields that nobody asked for and that are not known to change no tensor, in the config's order. An object that
    /// was only looked for is known as a whole.</summary>
    public IEnumerable<string> Missed(ModelConfig config, string path = "")
    {
        foreach (ConfigField field in (IEnumerable<ConfigField>)config.Fields)
        {
            string here = path + field.Name;
            if (!_read.Contains(here))
            {
                if (!GivesNothing(field.Value) && !IdleFields.Has(field))
                {
                    yield return here;
                }
            }
            else if (field.Value.Section is { } section && _opened.Contains(here))
            {
                foreach (string missed in Missed(section, here + "."))
                {
                    yield return missed;
                }
            }
            else if (field.Value.List is { } list)
            {
                foreach (string missed in Missed(list, here))
                {
                    yield return missed;
                }
            }
        }
    }

    private static bool GivesNothing(ConfigValue value) =>
        value.Kind == ConfigValueKind.Null || value.List is { Count: 0 } || value.Section is { Fields.Count: 0 };

    private IEnumerable<string> Missed(ValueList<ConfigValue> list, string path)
    {
        for (int i = 0; i < list.Count; i++)
        {
            string here = $"{path}[{i.ToString(CultureInfo.InvariantCulture)}]";
            if (list[i].Section is { } section && _opened.Contains(here))
            {
                foreach (string missed in Missed(section, here + "."))
                {
                    yield return missed;
                }
            }
        }
    }
}
