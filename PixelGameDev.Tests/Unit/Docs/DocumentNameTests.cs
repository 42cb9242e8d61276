using System.Text.RegularExpressions;
using PixelGameDev.Tests.Unit.Habits;

namespace PixelGameDev.Tests.Unit.Docs;

/// <summary>Tests that every file and every type that a document names in backticks exists.</summary>
public sealed partial class DocumentNameTests
{
    /// <summary>Files of games, of the operator's machine, or of other programs.</summary>
    private static readonly string[] NotOurs = ["main.py", ".env", "daemon.json", "secrets.yaml", "docker.sock"];

    /// <summary>The folders in which a path of a document may begin.</summary>
    private static readonly string[] Starts =
    [
        "", "docs/", "deploy/compose/", "deploy/kubernetes/", "PixelGameDev.", "PixelGameDev.Tests/", "PixelGameDev.Api/",
        "PixelGameDev.Api/Web/src/", "PixelGameDev.Api/Web/src/pages/studio/",
    ];

    private static readonly IReadOnlyList<string> Files = SourceFiles.WithEnding("");

    [Fact]
    public void Every_file_that_a_document_names_exists()
    {
        (string Document, string Path)[] named =
        [
            .. Documents.InlineCodes()
                .Where(static code => File().IsMatch(code.Code) && !NotOurs.Contains(Path.GetFileName(code.Code))),
        ];
        Assert.Contains(("docs/ARCHITECTURE.md", "PixelGameDev.AppHost/Program.cs"), named);
        Assert.Empty(named.Where(static one => !Exists(one.Path)).Select(static one => $"{one.Document}: {one.Path}"));
    }

    [Theory]
    [InlineData("PixelGameDev.AppHost/Program.cs", true)]
    [InlineData("app.tsx", true)]
    [InlineData("PixelGameDev.Tests/Unit", true)]
    [InlineData("Publishing/ComposeStackTests", true)]
    [InlineData("PixelGameDev.AppHost/Programm.cs", false)]
    public void A_name_is_a_path_from_a_known_start_or_the_name_of_one_file(string name, bool exists) => Assert.Equal(exists, Exists(name));

    /// <summary>Names of other programs.</summary>
    private static readonly string[] Foreign = ["DockerRootDir", "AddX", "MapX"];

    [Fact]
    public void Every_type_that_a_document_names_is_in_the_code()
    {
        string[] endings = [".cs", ".ts", ".tsx", ".js", ".py", ".json", ".yaml", ".yml", ".props", ".csproj"];
        HashSet<string> known =
            [.. Foreign, .. Files.SelectMany(Words), .. SourceFiles.WithEnding(endings)
                .SelectMany(static file => Words(string.Join('\n', SourceFiles.Lines(file))))];
        Assert.Contains("DocumentNameTests", known);
        Assert.Empty(
            from named in Documents.InlineCodes()
            from word in Words(named.Code)
            where !known.Contains(word)
            select $"{named.Document}: {word}");
    }

    private static IEnumerable<string> Words(string text) => Word().Matches(text).Select(static match => match.Value);

    private static bool Exists(string name)
    {
        string path = name.TrimEnd('/');
        return Starts.Any(start => Files.Any(file => Matches(file, start + path)))
            || (!path.Contains('/') && Files.Any(file => Matches(Path.GetFileName(file), path)));
    }

    /// <summary>Returns whether the path names the file, the file without its ending (a type), or a folder above it.</summary>
    private static bool Matches(string file, string path) => file.StartsWith(path, StringComparison.Ordinal)
        && (file.Length == path.Length || file[path.Length] is '/' || file[path.Length..] is ".cs");

    /// <summary>Matches a name with one of our endings, or a path that begins with one of our projects or test folders.</summary>
    [GeneratedRegex(
        @"^(?!/|https?:|-)[\w.{}/-]*(\.(cs|tsx?|py|md|ya?ml|sh|css)|Tests)$|^(PixelGameDev\.\w+|docs|deploy|scripts|content)/[\w./-]*$")]
    private static partial Regex File();

    [GeneratedRegex(@"\b[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+\b")]
    private static partial Regex Word();
}
