using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PixelGameDev.Tests.Publishing;

/// <summary>
/// Renders the part of Helm's template language that the chart uses: a value of values.yaml as text or as JSON, the names of chart and
/// release, the digest of some sections of the values, and files or parts of files that depend on a value. It throws for anything else, so
/// that no template passes unchecked.
/// </summary>
internal static partial class HelmTemplates
{
    /// <summary>Renders the chart. A file that is empty afterwards is no object.</summary>
    /// <param name="chart">The directory of the chart.</param>
    /// <param name="release">The name of the release.</param>
    /// <param name="own">An operator's values, in YAML, which override those of the chart.</param>
    public static IReadOnlyList<YamlPlace> Render(string chart, string release, string? own = null) =>
        [.. RenderText(chart, release, own).Select(file => YamlPlace.Parse(file.Text, file.Name))];

    /// <summary>Returns the text of each file of templates/ that is not empty, by its path in the chart.</summary>
    public static IReadOnlyList<(string Name, string Text)> RenderText(string chart, string release, string? own = null)
    {
        JsonObject values = YamlPlace.Load(Path.Combine(chart, "values.yaml")).ToJson()!.AsObject();
        if (own is not null)
        {
            Lay(values, YamlPlace.Parse(own, "an operator's values").ToJson()!.AsObject());
        }

        YamlPlace about = YamlPlace.Load(Path.Combine(chart, "Chart.yaml"));
        List<(string Name, string Text)> files = [];
        foreach (string file in Directory.EnumerateFiles(Path.Combine(chart, "templates"), "*.yaml", SearchOption.AllDirectories).Order())
        {
            string text = Condition().Replace(
                File.ReadAllText(file), match => IsTrue(Find(values, match.Groups[1].Value)) ? match.Groups[2].Value + "\n" : "");
            text = Expression().Replace(text, match => match.Groups[1].Value switch
            {
                ".Release.Name" => release,
                ".Chart.Name" => about["name"].Text!,
                { } path when ValuePath().Match(path) is { Success: true } found => Text(values, found.Groups[1].Value),
                { } json when JsonOf().Match(json) is { Success: true } found =>
                    Find(values, found.Groups[1].Value)?.ToJsonString() ?? "null",
                { } digest when Sections().Match(digest) is { Success: true } sections => Digest(values, sections.Groups[1].Captures),
                { } unknown => throw new InvalidDataException($"{file}: {{{{ {unknown} }}}} is nothing this test can render"),
            });
            if (!string.IsNullOrWhiteSpace(text))
            {
                files.Add((Path.GetRelativePath(chart, file), text));
            }
        }

        return files;
    }

    /// <summary>Merges values as Helm does: maps are merged, everything else is replaced.</summary>
    private static void Lay(JsonObject under, JsonObject over)
    {
        foreach ((string name, JsonNode? value) in over)
        {
            if (value is JsonObject inner && under[name] is JsonObject place)
            {
                Lay(place, inner);
            }
            else
            {
                under[name] = value?.DeepClone();
            }
        }
    }

    /// <summary>Returns the value at a path that values.yaml must have; null when the value is null.</summary>
    private static JsonNode? Find(JsonObject values, string path)
    {
        JsonNode? at = values;
        foreach (string name in path.Split('.'))
        {
            at = at is JsonObject map && map.ContainsKey(name) ? map[name] : throw new InvalidDataException($"values.yaml has no {path}");
        }

        return at;
    }

    private static string Text(JsonObject values, string path) =>
        Find(values, path) is JsonValue value ? value.ToString() : throw new InvalidDataException($"{path} of values.yaml is no text");

    /// <summary>Returns whether Helm treats the value as true.</summary>
    private static bool IsTrue(JsonNode? value) => value switch
    {
        null => false,
        JsonObject map => map.Count > 0,
        JsonArray list => list.Count > 0,
        _ => value.ToString() is not ("" or "false" or "0"),
    };

    /// <summary>Returns a digest that changes exactly when Helm's digest would. It is not the same digest.</summary>
    private static string Digest(JsonObject values, CaptureCollection paths) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', paths.Select(path => Find(values, path.Value)?.ToJsonString())))));

    [GeneratedRegex(@"\{\{- if \.Values\.(\S+) \}\}(.*?)\s*\{\{- end \}\}\n?", RegexOptions.Singleline)]
    private static partial Regex Condition();

    [GeneratedRegex(@"^\.Values\.(\S+)$")]
    private static partial Regex ValuePath();

    [GeneratedRegex(@"^toJson \.Values\.(\S+)$")]
    private static partial Regex JsonOf();

    [GeneratedRegex(@"^list(?: \.Values\.(\S+))+ \| toYaml \| sha256sum$")]
    private static partial Regex Sections();

    [GeneratedRegex(@"\{\{-?\s*(.+?)\s*-?\}\}")]
    private static partial Regex Expression();
}
