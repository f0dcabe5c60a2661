using System.Runtime.CompilerServices;
using LlmMath.Architectures;

namespace LlmMath.Placement.Work;

/// <summary>The folded work of models that were asked about, so that asking again allocates nothing. It lives as long as the
/// architecture.</summary>
internal static class ModelWorks
{
    private static readonly ConditionalWeakTable<Architecture, ModelWork[]> s_works = new();

    public static ModelWork Of(Architecture architecture, WeightFormat format)
    {
        if (s_works.TryGetValue(architecture, out ModelWork[]? works))
        {
            foreach (ModelWork work in works)
            {
                // By reference: a format that an engine pads has the name of the one that it pads.
                if (ReferenceEquals(work.Format, format))
                {
                    return work;
                }
            }
        }

        var made = ModelWork.Of(architecture, format);
        s_works.AddOrUpdate(architecture, [.. works ?? [], made]);
        return made;
    }
}
