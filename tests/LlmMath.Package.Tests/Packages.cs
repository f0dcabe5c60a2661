using System.Reflection;
using LlmMath.Testing;

namespace LlmMath.Package.Tests;

/// <summary>The packages, packed once for all tests, and a NuGet folder of their own, so that nothing is taken from an earlier
/// build.</summary>
public sealed class Packages : IDisposable
{
    public Packages()
    {
        Pack("src/LlmMath", Folder);
        Pack("src/LlmMath.Cli", Folder);
        File.WriteAllText(Path.Combine(Folder, "nuget.config"), $"""
            <configuration>
              <packageSources><clear /><add key="packed" value="{Folder}" /></packageSources>
              <config><add key="globalPackagesFolder" value="{Path.Combine(Folder, "cache")}" /></config>
              <fallbackPackageFolders><add key="restored" value="{Restored}" /></fallbackPackageFolders>
            </configuration>
            """);
    }

    public const string Version = "0.0.1-test";

    // What the library's own build restored: .NET 8's reference assemblies are a package.
    private static string Restored => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public string Folder { get; } = Directory.CreateTempSubdirectory("llmmath-package-").FullName;

    // As these tests were built: what they pack was built with them.
    private static string Configuration => typeof(Packages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(about => about.Key == nameof(Configuration)).Value!;

    /// <summary>The library that was packed.</summary>
    public string Assembly => Path.Combine(Repository.Root, "src", "LlmMath", "bin", Configuration, "net10.0", "LlmMath.dll");

    public string Library => Path.Combine(Folder, $"LlmMath.{Version}.nupkg");

    /// <summary>Packs a project of the repository, built before.</summary>
    internal static void Pack(string project, string folder) => DotNet.Run(Repository.Root,
        "pack", project, "-c", Configuration, "--no-build", "-o", folder, "-p:PackageVersion=" + Version).Succeeds();

    /// <summary>A fresh console project that references the package; the files are added to it.</summary>
    internal string NewProject(string name, string languageVersion, string items, params (string Path, string Text)[] files) =>
        NewProject(new ProjectKind(name), languageVersion, items, files);

    /// <summary>The same for any language and framework.</summary>
    internal string NewProject(ProjectKind kind, string languageVersion, string items, params (string Path, string Text)[] files)
    {
        (string name, string extension, string framework) = kind;
        string folder = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        File.WriteAllText(Path.Combine(folder, name + extension), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>{framework}</TargetFramework>
                <RollForward>Major</RollForward>
                <UseAppHost>false</UseAppHost>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <LangVersion>{languageVersion}</LangVersion>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <EmitCompilerGeneratedFiles>true</EmitCompilerGeneratedFiles>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="LlmMath" Version="{Version}" />
                {items}
              </ItemGroup>
            </Project>
            """);
        foreach ((string path, string text) in files)
        {
            string full = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, text);
        }

        return folder;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>What a project is called, and in which language and for which framework it is.</summary>
internal sealed record ProjectKind(string Name, string Extension = ".csproj", string Framework = "net10.0");
