using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace PixelGameDev.Tests.Publishing;

/// <summary>
/// As much of Helm's template language as the chart has: a value of values.yaml, the names of chart and release, the digest of some
/// sections of the values. Anything else is an error, so that a template this cannot judge does not pass as judged.
/// </summary>
internal static partial class HelmTemplates
{
    public static IReadOnlyList<YamlPlace> Render(string chart, string release) =>
        [.. RenderText(chart, release).Select(file => YamlPlace.Parse(file.Text, file.Name))];

    /// <summary>The text of each file of templates/, by its path in the chart.</summary>
    public static IReadOnlyList<(string Name, string Text)> RenderText(string chart, string release)
    {
        YamlPlace values = YamlPlace.Load(Path.Combine(chart, "values.yaml"));
        YamlPlace about = YamlPlace.Load(Path.Combine(chart, "Chart.yaml"));
        List<(string Name, string Text)> files = [];
        foreach (string file in Directory.EnumerateFiles(Path.Combine(chart, "templates"), "*.yaml", SearchOption.AllDirectories).Order())
        {
            string text = Expression().Replace(File.ReadAllText(file), match => match.Groups[1].Value switch
            {
                ".Release.Name" => release,
                ".Chart.Name" => about["name"].Text!,
                { } path when path.StartsWith(".Values.", StringComparison.Ordinal) => Value(values, path[".Values.".Length..]),
                { } digest when Sections().Match(digest) is { Success: true } sections => Digest(values, sections.Groups[1].Captures),
                { } unknown => throw new InvalidDataException($"{file}: {{{{ {unknown} }}}} is nothing this test can render"),
            });
            files.Add((Path.GetRelativePath(chart, file), text));
        }

        return files;
    }

    private static string Value(YamlPlace values, string path)
    {
        YamlPlace place = path.Split('.').Aggregate(values, (at, name) => at[name]);
        return place.Text ?? throw new InvalidDataException($"values.yaml has no {path}");
    }

    /// <summary>Not Helm's own digest, but another one exactly where that is another one.</summary>
    private static string Digest(YamlPlace values, CaptureCollection paths)
    {
        IEnumerable<string> texts = paths.SelectMany(path => Section(path.Value).Select(value => $"{path.Value}.{value.Key}={value.Value.Text}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', texts))));

        IReadOnlyDictionary<string, YamlPlace> Section(string path) =>
            path.Split('.').Aggregate(values, (at, name) => at[name]) is { Exists: true } section
                ? section.Children
                : throw new InvalidDataException($"values.yaml has no section {path}");
    }

    [GeneratedRegex(@"^list(?: \.Values\.(\S+))+ \| toYaml \| sha256sum$")]
    private static partial Regex Sections();

    [GeneratedRegex(@"\{\{\s*(.+?)\s*\}\}")]
    private static partial Regex Expression();
}
