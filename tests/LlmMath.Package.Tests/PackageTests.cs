using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.Json;
using LlmMath.Testing;

namespace LlmMath.Package.Tests;

public class PackageTests(Packages packages) : IClassFixture<Packages>
{
    private const string Model = """{ "config": { "model_type": "llama", "num_hidden_layers": 2 } }""";
    private const string Gpu = """{ "name": "Fast 9000", "vendor": "Example", "memory_gib": 80, "sources": ["the box"] }""";

    [Fact]
    public void TheContentsAreAsApproved()
    {
        using ZipArchive archive = ZipFile.OpenRead(packages.Library);
        IEnumerable<string> files = archive.Entries.Select(e => e.FullName)
            .Where(name => !name.StartsWith("package/", StringComparison.Ordinal)
                && name is not ("_rels/.rels" or "[Content_Types].xml"))
            .Order(StringComparer.Ordinal);
        Golden.Verify(string.Join('\n', files), "LlmMath.nupkg");
    }

    [Fact]
    public void ItIsSmallAndDependsOnNothing()
    {
        Assert.InRange(new FileInfo(packages.Library).Length, 1, 3_000_000);
        using ZipArchive archive = ZipFile.OpenRead(packages.Library);
        using var nuspec = new StreamReader(archive.GetEntry("LlmMath.nuspec")!.Open());
        Assert.DoesNotContain("<dependency ", nuspec.ReadToEnd());
        Assert.True(File.Exists(Path.ChangeExtension(packages.Library, ".snupkg")));
    }

    [Fact]
    public void TheGeneratorNeedsNoMoreThanEveryCompilerHas()
    {
        // What Roslyn itself is built on is there wherever a generator runs: in its oldest supported version, these.
        string[] everywhere =
        [
            "netstandard", "Microsoft.CodeAnalysis", "Microsoft.CodeAnalysis.CSharp", "System.Collections.Immutable",
            "System.Memory",
        ];
        string generator = Path.Combine(packages.Folder, "generator.dll");
        using (ZipArchive archive = ZipFile.OpenRead(packages.Library))
        {
            archive.GetEntry("analyzers/dotnet/cs/LlmMath.Generators.dll")!.ExtractToFile(generator, overwrite: true);
        }

        using var stream = File.OpenRead(generator);
        using var file = new PEReader(stream);
        MetadataReader metadata = file.GetMetadataReader();
        Assert.Empty(metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name))
            .Except(everywhere));
    }

    [Fact]
    public void PackingAgainAtAnotherTimeGivesTheSameBytes()
    {
        string again = Path.Combine(packages.Folder, "again"), readme = Path.Combine(Repository.Root, "README.md");
        DateTime written = File.GetLastWriteTimeUtc(readme);
        try
        {
            File.SetLastWriteTimeUtc(readme, written.AddDays(1));
            Packages.Pack("src/LlmMath", again);
        }
        finally
        {
            File.SetLastWriteTimeUtc(readme, written);
        }

        string name = Path.GetFileName(packages.Library);
        Assert.Equal(Contents(packages.Library), Contents(Path.Combine(again, name)));
        Assert.Equal(File.ReadAllBytes(packages.Library), File.ReadAllBytes(Path.Combine(again, name)));

        static List<string> Contents(string package)
        {
            using ZipArchive archive = ZipFile.OpenRead(package);
            return [.. archive.Entries.Select(e => $"{e.FullName} {e.Crc32:x8} {e.LastWriteTime}")];
        }
    }

    [Fact]
    public void FromNothingToAnOwnModelsCountInCSharp14()
    {
        string project = packages.NewProject("Fresh14", "14",
            """
            <LlmModel Include="models/llama/config.json" Name="MyLlama" />
            <LlmModel Include="models/llama/config.json" Name="ItsOtherName" />
            """,
            ("Program.cs", """
                using LlmMath;
                Console.WriteLine(ModelCatalog.ItsOtherName.ParameterCount());
                Console.WriteLine(ModelCatalog.MyModel.ParameterCount());
                Console.WriteLine(ModelCatalog.MyLlama.ParameterCount());
                Console.WriteLine(GpuCatalog.Fast9000.Memory);
                Console.WriteLine(ModelCatalog.Opt350m.ParameterCount());
                Console.WriteLine(AppModelCatalog.Entries.Find("my-model").Name);
                """),
            ("my-model.model.json", Model),
            ("deep/er/fast-9000.gpu.json", Gpu),
            ("models/llama/config.json", """{ "model_type": "llama", "num_hidden_layers": 1, "torch_dtype": "bfloat16" }"""));

        DotNet run = DotNet.Run(project, "run").Succeeds();

        Assert.Equal(["464531456", "666914816", "464531456", "85.90 GB (80.00 GiB)", "331196416", "my-model"],
            run.Output.TrimEnd().Split('\n').Select(line => line.Trim()));
    }

    [Fact]
    public void TheGettingStartedPageWorksAsItStands()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "getting-started.md"));
        string code = Block("```cs\n"), item = Block("```xml\n").Replace("<ItemGroup>", "").Replace("</ItemGroup>", "");
        string project = packages.NewProject("Costs", "14", item, ("Program.cs", code),
            ("models/llama/config.json", """{ "model_type": "llama", "num_hidden_layers": 1 }"""));

        Assert.Equal("464531456", DotNet.Run(project, "run").Succeeds().Output.Trim());

        string Block(string fence)
        {
            int start = page.IndexOf(fence, StringComparison.Ordinal) + fence.Length;
            return page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
        }
    }

    [Fact]
    public void InCSharp12TheApplicationHasACatalogOfItsOwn()
    {
        string project = packages.NewProject(new ProjectKind("Fresh12", Framework: "net8.0"), "12", "",
            ("Program.cs", """
                using LlmMath;
                Console.WriteLine(AppModelCatalog.MyModel.ParameterCount() + " " + AppGpuCatalog.Fast9000.Name);
                """),
            ("my-model.model.json", Model), ("fast-9000.gpu.json", Gpu));

        Assert.Equal("666914816 fast-9000", DotNet.Run(project, "run").Succeeds().Output.Trim());
    }

    [Theory]
    [InlineData("Sharp", ".fsproj", "Program.fs", """
        open LlmMath
        let model = ModelFile.Load "my-model.model.json"
        let gpu = GpuCatalog.Load "fast-9000.gpu.json"
        printfn "%d %s" (model.ParameterCount()) gpu.Name
        """)]
    [InlineData("Basic", ".vbproj", "Program.vb", """
        Imports LlmMath
        Module Program
            Sub Main()
                Dim model = ModelFile.Load("my-model.model.json")
                System.Console.WriteLine($"{model.ParameterCount()} {GpuCatalog.Load("fast-9000.gpu.json").Name}")
            End Sub
        End Module
        """)]
    public void OtherLanguagesAreToldToReadTheirDefinitionsAtRunTime(string name, string extension, string file, string program)
    {
        // F# takes no file by itself.
        (string items, string verb) = extension == ".fsproj" ? ("""<Compile Include="Program.fs" />""", "Include")
            : ("", "Update");
        string project = packages.NewProject(new ProjectKind(name, extension), "latest",
            items + $"""<None {verb}="*.json" CopyToOutputDirectory="PreserveNewest" />""",
            (file, program), ("my-model.model.json", Model), ("fast-9000.gpu.json", Gpu));

        DotNet build = DotNet.Run(project, "build", "--nologo", "-p:TreatWarningsAsErrors=false").Succeeds();
        Assert.Contains("my-model.model.json : warning LLM011: Definitions become members in C# projects alone", build.Output);
        Assert.Contains("fast-9000.gpu.json : warning LLM011", build.Output);

        string output = Path.Combine(project, "bin", "Debug", "net10.0");
        Assert.Equal("666914816 fast-9000", DotNet.Run(output, Path.Combine(output, name + ".dll")).Succeeds().Output.Trim());
    }

    [Fact]
    public void ABadDefinitionFailsTheBuildAtItsLineAndColumn()
    {
        string project = packages.NewProject("Bad", "14", "", ("Program.cs", "return;"),
            ("bad.model.json", "{\n  \"config\": {\n    \"model_type\": \"llama\",\n    \"hidden_size\": \"wide\"\n  }\n}\n"),
            ("opt-350m.model.json", Model), ("@class.model.json", Model));
        File.WriteAllBytes(Path.Combine(project, "latin1.model.json"), Encoding.Latin1.GetBytes(Model.Replace("llama", "é")));
        File.WriteAllText(Path.Combine(project, "utf16.model.json"), Model, Encoding.Unicode);

        DotNet build = DotNet.Run(project, "build", "--nologo");

        Assert.NotEqual(0, build.Exit);
        Assert.Contains("bad.model.json(4,5): error LLM004: \"config.hidden_size\" must be a whole number", build.Output);
        Assert.Contains("#llm004", build.Output);
        Assert.Contains("opt-350m.model.json(1,1): error LLM006", build.Output);
        Assert.Contains("@class.model.json(1,1): error LLM009", build.Output);
        Assert.Contains("latin1.model.json(1,30): error LLM001: The file is not valid UTF-8", build.Output);
        Assert.Contains("utf16.model.json(1,1): error LLM001: The file is not UTF-8", build.Output);
        Assert.DoesNotContain("AD0001", build.Output);
        Assert.DoesNotContain("CS8785", build.Output);
    }

    [Fact]
    public void NoNameOfATypeOfTheLibraryBreaksTheBuildInCSharp14()
    {
        string[] types = [.. Assembly.LoadFrom(packages.Assembly).GetExportedTypes()
            .Select(type => type.Name.Split('`')[0]).Distinct()];
        string[] catalogs = ["ModelCatalog", "GpuCatalog", "EngineCatalog"];
        (string, string)[] files = [.. types.Where(type => !catalogs.Contains(type)).SelectMany(type => new[]
        {
            ($"{type}.model.json", Model), ($"{type}.gpu.json", Gpu),
        })];
        string project = packages.NewProject("Types", "14", "",
            [("Program.cs", "using LlmMath; System.Console.WriteLine(ModelCatalog.ConfigValue.Config.Fields.Count);"), .. files]);

        Assert.Equal("2", DotNet.Run(project, "run").Succeeds().Output.Trim());
    }

    [Fact]
    public void WithoutDefinitionsNothingIsEmitted()
    {
        string project = packages.NewProject("Plain", "14", "",
            ("Program.cs", "Console.WriteLine(LlmMath.ModelCatalog.Gpt2.ParameterCount());"));

        Assert.Equal("124439808", DotNet.Run(project, "run").Succeeds().Output.Trim());
        Assert.DoesNotContain(Directory.GetFiles(Path.Combine(project, "obj"), "*.g.cs", SearchOption.AllDirectories),
            file => file.Contains("LlmMath.Generators", StringComparison.Ordinal));
    }

    [Fact]
    public void TheToolInstallsAndAnswers()
    {
        string tools = Path.Combine(packages.Folder, "tools");
        DotNet.Run(packages.Folder,
            "tool", "install", "LlmMath.Cli", "--tool-path", tools, "--version", Packages.Version).Succeeds();
        string tool = Path.Combine(tools, OperatingSystem.IsWindows() ? "llmmath.exe" : "llmmath");
        DotNet run = DotNet.Start(tool, packages.Folder, "params", "opt-350m", "--json").Succeeds();
        Assert.Contains("\"parameters\": 331196416", run.Output);
    }
}
