using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PixelGameDev.AppHost;

namespace PixelGameDev.Tests.Publishing;

/// <summary>Compares docs/settings.md with the variables that the code, the Compose files, the chart and ./pixel read.</summary>
public sealed partial class SettingsDocumentTests
{
    private static readonly string Root = Repository.Find().Root;
    private static readonly string Page = File.ReadAllText(Path.Combine(Root, "docs/settings.md"));

    /// <summary>Holds the rows of the tables of variables.</summary>
    private static readonly Dictionary<string, Row> Rows = VariableRow().Matches(Page)
        .Select(static row =>
            new Row(row.Groups[1].Value, row.Groups[2].Value.Trim().Split(", "), row.Groups[3].Value.Trim(), row.Groups[4].Value.Trim()))
        .ToDictionary(static row => row.Name);

    /// <summary>Words in the code that look like variables but are no settings.</summary>
    private static readonly string[] NoSettings =
    [
        "BASE_IMAGE", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", // an argument of a build, capabilities
        "PYGAME_HIDE_SUPPORT_PROMPT", "LC_ALL", "DOTNET_NOLOGO", "DOTNET_ENVIRONMENT", "OTEL_SERVICE_NAME", // we set these for others
        "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", "OTEL_TRACES_SAMPLER", // the same, for the dashboard
        "PG_VERSION", // a file
    ];

    /// <summary>Names in the scripts that the scripts set themselves.</summary>
    private static readonly string[] OwnNames = ["DOCKER_WHY", "STAMP_WITHOUT"];

    /// <summary>Lists the files that read the settings of each part.</summary>
    private static readonly Dictionary<string, string[]> Sources = new()
    {
        ["Api"] = ["PixelGameDev.Api", "PixelGameDev.ServiceDefaults"],
        ["Executor"] = ["PixelGameDev.Executor", "PixelGameDev.ServiceDefaults"],
        ["AppHost"] = ["PixelGameDev.AppHost"],
    };

    [Fact]
    public void The_page_has_every_variable_that_the_code_reads()
    {
        string[] read = [.. Sources.Values.SelectMany(static projects => projects).Distinct()
            .SelectMany(static project => Names(Code(project))).Distinct().Except(NoSettings)];
        Assert.True(read.Length > 40);
        Assert.Empty(read.Except(Rows.Keys));
    }

    [Fact]
    public void The_page_has_every_variable_that_pixel_reads()
    {
        string[] read = [.. ScriptVariable().Matches(Scripts()).Select(static match => match.Groups[1].Value).Distinct().Except(OwnNames)];
        Assert.True(read.Length > 5);
        Assert.Empty(read.Except(Rows.Keys));
    }

    [Fact]
    public void Each_variable_is_read_by_the_parts_that_the_page_names()
    {
        Dictionary<string, HashSet<string>> known = Sources.ToDictionary(
            static part => part.Key, static part => part.Value.SelectMany(static project => Names(Code(project))).ToHashSet());
        known["./pixel"] = [.. ScriptVariable().Matches(Scripts()).Select(static match => match.Groups[1].Value)];
        known["Compose"] = [.. ComposeVariable().Matches(Compose()).Select(static match => match.Groups[1].Value)];
        foreach (Row row in Rows.Values.Where(static row => VariableName().IsMatch(row.Name)))
        {
            Assert.All(row.Parts.Where(static part => part != "framework"), part =>
                Assert.True(known[part].Contains(row.Name), $"{part} does not read {row.Name}"));
        }

        // The other parts do not read it.
        foreach (string part in new[] { "Api", "Executor" })
        {
            IEnumerable<string> own = Names(Code($"PixelGameDev.{part}")).Except(NoSettings);
            Assert.All(own, name => Assert.True(Rows[name].Parts.Contains(part), $"{part} reads {name}"));
        }
    }

    [Fact]
    public void Defaults_and_ranges_of_numbers_are_those_of_the_code()
    {
        // ReadInt("RUNS_PER_MINUTE", 30, 1, 1_000, …) of the Api, reader.ReadInt("SANDBOX_WARM", 2, 0, 100) of the Executor
        ILookup<string, long[]> numbers = NumberSetting().Matches(Code("PixelGameDev.Api") + Code("PixelGameDev.Executor"))
            .ToLookup(static match => match.Groups[1].Value, static match => new[] { 2, 3, 4 }.Select(group =>
                long.Parse(match.Groups[group].Value.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)).ToArray());
        Assert.True(numbers.Count > 15);
        foreach (IGrouping<string, long[]> setting in numbers)
        {
            // Where both services read it: the range that both accept.
            Assert.Equal($"{setting.Max(static of => of[1])}–{setting.Min(static of => of[2])}", Rows[setting.Key].Range);
            Assert.Equal(setting.First()[0].ToString(CultureInfo.InvariantCulture), Rows[setting.Key].Default);
        }
    }

    [Fact]
    public void Defaults_of_Compose_are_those_of_the_page_and_of_the_sample()
    {
        Dictionary<string, string> sample = File.ReadAllLines(Path.Combine(Root, "deploy/compose/.env.example"))
            .Where(static line => SampleLine().IsMatch(line)).Select(static line => line.TrimStart('#').Split('=', 2))
                .ToDictionary(static pair => pair[0], static pair => pair[1]);
        foreach (Match variable in ComposeVariable().Matches(Compose()))
        {
            string name = variable.Groups[1].Value;
            Assert.True(Rows.ContainsKey(name), $"The page does not have {name}");
            // The chart and Compose name an image, because only development builds one.
            if (variable.Groups[2] is { Success: true } given && name != "GAME_IMAGE")
            {
                Assert.True(given.Value == (Rows[name].Default == "none" ? "" : Rows[name].Default),
                    $"{name} is \"{given.Value}\" by default, not \"{Rows[name].Default}\"");
                Assert.True(name == "HEALTH_INTERVAL" || sample[name] == given.Value, $".env.example has another {name}");
            }
        }
    }

    [Fact]
    public void The_page_has_every_option_of_pixel_run()
    {
        string[] options = [.. Option().Matches(File.ReadAllText(Path.Combine(Root, "scripts/run.sh")))
            .Select(static match => match.Groups[1].Value)];
        Assert.NotEmpty(options);
        Assert.Equal(options.Order(), OptionRow().Matches(Page).Select(static row => row.Groups[1].Value).Order());
    }

    [Fact]
    public void The_page_has_every_value_of_the_chart_and_no_other()
    {
        JsonNode values = YamlPlace.Load(Path.Combine(Root, "deploy/kubernetes/values.yaml")).ToJson()!;
        HashSet<string> listed = [.. ValueRow().Matches(Page).Select(static row => row.Groups[1].Value)];
        HashSet<string> there = [];
        foreach (string path in Leaves("", values))
        {
            if (path.Split('.') is ["config" or "secrets", _, string setting])
            {
                Assert.True(Rows.ContainsKey(setting) || Rows.ContainsKey(setting.ToUpperInvariant()), $"The page does not have {path}");
                continue;
            }

            string general = Pod().Replace(path, "pods.NAME.");
            Assert.True(listed.Contains(path) || listed.Contains(general), $"The page does not have {path}");
            there.UnionWith([path, general]);
        }

        Assert.Empty(listed.Except(there));
    }

    /// <summary>Returns the paths of an operator's settings: scalars, lists, and maps that are empty or that Kubernetes defines.</summary>
    private static IEnumerable<string> Leaves(string path, JsonNode? node) =>
        node is JsonObject { Count: > 0 } map && !path.EndsWith(".resources", StringComparison.Ordinal)
            ? map.SelectMany(pair => Leaves(path.Length == 0 ? pair.Key : $"{path}.{pair.Key}", pair.Value))
            : [path];

    private static string Code(string project) => string.Concat(Directory
        .EnumerateFiles(Path.Combine(Root, project), "*.cs", SearchOption.AllDirectories)
        .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .Select(File.ReadAllText));

    private static IEnumerable<string> Names(string code) =>
        Literal().Matches(code).Select(static match => match.Groups[1].Value).Distinct();

    private static string Scripts() => File.ReadAllText(Path.Combine(Root, "pixel"))
        + string.Concat(Directory.EnumerateFiles(Path.Combine(Root, "scripts"), "*.sh").Select(File.ReadAllText));

    private static string Compose() =>
        string.Concat(Directory.EnumerateFiles(Path.Combine(Root, "deploy/compose"), "*.yml").Select(File.ReadAllText));

    [GeneratedRegex(@"^\| `([^`-][^`]*)` \|([^|`\n]+)\|([^|\n]*)\|([^|\n]*)\|[^|\n]*\|$", RegexOptions.Multiline)]
    private static partial Regex VariableRow();

    [GeneratedRegex(@"^\| `(--[a-z-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex OptionRow();

    [GeneratedRegex(@"^\| `((?:parameters|pods|storage|ingress|metrics)\.[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex ValueRow();

    [GeneratedRegex("^[A-Z][A-Z0-9_]+$")]
    private static partial Regex VariableName();

    // A name without an underscore counts where it is read: ReadChoice("GALLERY", …)
    [GeneratedRegex("\"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\"|(?<=Read\\w+\\()\"(?<1>[A-Z][A-Z0-9_]+)\"")]
    private static partial Regex Literal();

    [GeneratedRegex("ReadInt\\(\"([A-Z_]+)\", ([\\d_]+), ([\\d_]+), ([\\d_]+)")]
    private static partial Regex NumberSetting();

    [GeneratedRegex(@"\$\{([A-Z][A-Z_]+):?-")]
    private static partial Regex ScriptVariable();

    [GeneratedRegex(@"\$\{([A-Z][A-Z_]+)(?::-([^}]*)|:\?[^}]*)?\}")]
    private static partial Regex ComposeVariable();

    [GeneratedRegex("^#?[A-Z_]+=")]
    private static partial Regex SampleLine();

    [GeneratedRegex(@"^  (--[a-z-]+)", RegexOptions.Multiline)]
    private static partial Regex Option();

    [GeneratedRegex(@"^pods\.(?:postgres|api|executor|docker)\.")]
    private static partial Regex Pod();

    private sealed record Row(string Name, string[] Parts, string Default, string Range);
}
