using LlmMath.Interchange;
using LlmMath.Interchange.Json;
using LlmMath.Planning.Prices;

namespace LlmMath.Planning.Launch;

/// <summary>Flags from JSON, strictly.</summary>
internal static class LaunchJson
{
    public static LaunchFlags Read(ReadOnlySpan<byte> utf8)
    {
        var root = new JsonFields(PriceJson.Object(utf8));
        root.Text("$schema");
        string engine = root.RequiredText("engine");
        ValueList<LaunchImage> images = [.. root.List("images").Select(row =>
        {
            var image = new LaunchImage(row.Text("form") ?? "", row.RequiredText("version"), row.RequiredText("image"),
                row.RequiredText("source"));
            row.RejectOthers();
            return image;
        })];
        JsonFields versions = root.Fields("versions") ?? throw root.Missing("versions", "versions with their sources");
        string[] names = [.. root.Section("versions")!.Fields.Select(field => field.Name)];
        ValueList<string> sources = [.. names.Select(versions.RequiredText)];
        ValueList<LaunchFlag> flags = [.. root.List("flags").Select(row =>
        {
            var flag = new LaunchFlag(row.RequiredText("concept"), row.RequiredText("flag"), row.Texts("aliases"),
                row.RequiredText("takes") switch
                {
                    "value" => true,
                    "flag" => false,
                    { } other => throw row.Wrong("takes", "flag or value", other),
                }, row.Text("values"), row.Text("note"), row.Texts("versions"));
            row.RejectOthers();
            return flag;
        })];
        root.RejectOthers();
        return new(engine, [.. names], sources, images, flags);
    }
}
