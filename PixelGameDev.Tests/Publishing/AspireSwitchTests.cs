using System.IO.Compression;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Processes;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Publishing;

/// <summary>
/// build/Aspire.targets on its own: a project that imports it as ours do, an empty package cache, and a package source that has
/// (stand-ins for) the Aspire packages or has none. Each build is a first one.
/// </summary>
public sealed class AspireSwitchTests : IDisposable
{
    private const string Version = "13.5.2";
    private static readonly string Root = Repository.Find().Root;

    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Where_a_source_has_the_packages_the_very_first_build_uses_them()
    {
        string source = Source(withAspire: true);
        string project = Project(source);
        Assert.Equal("with Aspire, SDK imported", await BuildAndRunAsync(project));
        string assets = await File.ReadAllTextAsync(Path.Combine(project, "obj/project.assets.json"));
        Assert.Contains($"\"Aspire.Hosting.AppHost/{Version}\"", assets, StringComparison.Ordinal);
        Assert.Contains($"\"Aspire.Hosting.Orchestration.", assets, StringComparison.Ordinal);
        // And the second, which evaluates with the SDK from the start.
        Assert.Equal("with Aspire, SDK imported", await BuildAndRunAsync(project));
    }

    [Fact]
    public async Task Where_no_source_has_them_the_first_build_does_without_and_remembers()
    {
        string project = Project(Source(withAspire: false));
        Assert.Equal("without Aspire", await BuildAndRunAsync(project));
        Assert.Single(Directory.GetFiles(directory.Sub("work/artifacts"), "*-not-found"));
        // The answer is kept: now that the source has them, a day passes before it is asked again …
        AddAspire(directory.Sub("source"));
        Assert.Equal("without Aspire", await BuildAndRunAsync(project));
        // … and then it is.
        File.SetLastWriteTime(Directory.GetFiles(directory.Sub("work/artifacts"), "*-not-found").Single(), TimeProvider.System.GetLocalNow().DateTime.AddDays(-2));
        Assert.Equal("with Aspire, SDK imported", await BuildAndRunAsync(project));
    }

    [Fact]
    public async Task Offline_is_a_no_and_no_failure()
    {
        // Nobody listens there: what a machine without a network sees, without the wait.
        string project = Project($"http://127.0.0.1:{Ports.Free()}/index.json");
        Assert.Equal("without Aspire", await BuildAndRunAsync(project));
    }

    [Fact]
    public async Task Said_beforehand_nothing_is_asked()
    {
        string project = Project(Source(withAspire: true));
        Assert.Equal("without Aspire", await BuildAndRunAsync(project, useAspire: "false"));
        Assert.False(Directory.Exists(directory.Sub("work/artifacts")));
    }

    /// <summary>A project that asks for no package but Aspire's, so that an empty cache and a bare source are enough for it.</summary>
    private string Project(string source)
    {
        string work = directory.Sub("work");
        string project = Path.Combine(work, "Sample");
        Directory.CreateDirectory(Path.Combine(work, "build"));
        Directory.CreateDirectory(project);
        foreach (string file in new[] { "Aspire.targets", "AspireProbe.proj" })
        {
            File.Copy(Path.Combine(Root, "build", file), Path.Combine(work, "build", file));
        }

        File.WriteAllText(Path.Combine(work, "NuGet.config"), $"""
            <configuration>
              <packageSources><clear /><add key="only" value="{source}" allowInsecureConnections="true" /></packageSources>
              <fallbackPackageFolders><clear /></fallbackPackageFolders>
            </configuration>
            """);
        File.WriteAllText(Path.Combine(work, "Directory.Build.props"), "<Project />");
        File.WriteAllText(Path.Combine(work, "Directory.Packages.props"), $"""
            <Project>
              <PropertyGroup>
                <ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>
                <AspireVersion>{Version}</AspireVersion>
              </PropertyGroup>
              <ItemGroup><PackageVersion Include="Aspire.Hosting.AppHost" Version="$(AspireVersion)" /></ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(project, "Sample.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><AspirePackages>Aspire.Hosting.AppHost</AspirePackages></PropertyGroup>
              <Import Project="..\build\Aspire.targets" />
              <Import Project="Sdk.props" Sdk="Aspire.AppHost.Sdk" Version="$(AspireVersion)" Condition="'$(UseAspire)' == 'true'" />
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <UseAppHost>false</UseAppHost>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <Import Project="Sdk.targets" Sdk="Aspire.AppHost.Sdk" Version="$(AspireVersion)" Condition="'$(UseAspire)' == 'true'" />
            </Project>
            """);
        File.WriteAllText(Path.Combine(project, "Program.cs"), """
            #if ASPIRE && ASPIRE_SDK
            System.Console.WriteLine("with Aspire, SDK imported");
            #elif ASPIRE
            System.Console.WriteLine("with Aspire, but without its SDK");
            #else
            System.Console.WriteLine("without Aspire");
            #endif
            """);
        return project;
    }

    private string Source(bool withAspire)
    {
        string source = directory.Sub("source");
        Directory.CreateDirectory(source);
        if (withAspire)
        {
            AddAspire(source);
        }

        return source;
    }

    /// <summary>Packages of Aspire's names: an SDK that defines a constant, the rest empty.</summary>
    private static void AddAspire(string source)
    {
        Pack(source, "Aspire.AppHost.Sdk", ("Sdk/Sdk.props", "<Project />"),
            ("Sdk/Sdk.targets", "<Project><PropertyGroup><DefineConstants>$(DefineConstants);ASPIRE_SDK</DefineConstants></PropertyGroup></Project>"));
        string platform = System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier;
        foreach (string name in new[] { "Aspire.Hosting.AppHost", $"Aspire.Dashboard.Sdk.{platform}", $"Aspire.Hosting.Orchestration.{platform}" })
        {
            Pack(source, name, ("lib/net10.0/_._", ""));
        }
    }

    private static void Pack(string source, string id, params (string Path, string Text)[] files)
    {
        using ZipArchive package = ZipFile.Open(Path.Combine(source, $"{id}.{Version}.nupkg"), ZipArchiveMode.Create);
        foreach ((string path, string text) in files.Append(($"{id}.nuspec", $"""
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>
              <id>{id}</id><version>{Version}</version><authors>tests</authors><description>A stand-in.</description>
            </metadata></package>
            """)))
        {
            using StreamWriter writer = new(package.CreateEntry(path).Open());
            writer.Write(text);
        }
    }

    private async Task<string> BuildAndRunAsync(string project, string? useAspire = null)
    {
        Dictionary<string, string?> environment = new()
        {
            ["NUGET_PACKAGES"] = directory.Sub("cache"),
            ["NUGET_HTTP_CACHE_PATH"] = directory.Sub("http-cache"),
            ["UseAspire"] = useAspire,
            ["RestoreAdditionalProjectSources"] = null,
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["UseSharedCompilation"] = "false",
        };
        (int code, string output) = await RunAsync("build", project, "--nologo", "-v:minimal");
        Assert.True(code == 0, output);
        (code, output) = await RunAsync(Path.Combine(project, "bin/Debug/net10.0/Sample.dll"));
        Assert.True(code == 0, output);
        return output.Trim();

        Task<(int, string)> RunAsync(params string[] arguments) => ManagedProcess.RunAsync(
            new ProcessSpec(ProcessHost.DotnetProgram(), arguments) { WorkingDirectory = project, Environment = environment }, CancellationToken.None);
    }
}
