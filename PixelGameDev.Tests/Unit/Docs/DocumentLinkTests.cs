using System.Text.RegularExpressions;
using PixelGameDev.AppHost;

namespace PixelGameDev.Tests.Unit.Docs;

/// <summary>Tests that every link of the documents to a file, a picture or a heading of this repository has a target.</summary>
public sealed partial class DocumentLinkTests
{
    private static readonly string Root = Repository.Find().Root;

    private static readonly Dictionary<string, string> Documents = Directory.EnumerateFiles(Root, "*.md")
        .Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
        .ToDictionary(static file => file, static file => Fence().Replace(File.ReadAllText(file), ""));

    [Fact]
    public void Every_link_leads_to_a_file_and_a_heading_that_exist()
    {
        Assert.Superset(
            new[] { "README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/deploy.md" }.ToHashSet(),
            Documents.Keys.Select(static file => Path.GetRelativePath(Root, file)).ToHashSet());
        (string Document, string Target)[] links =
        [
            .. from document in Documents
               from Match match in Link().Matches(InlineCode().Replace(document.Value, "code"))
               let target = match.Groups[1].Value
               where !Address().IsMatch(target)
               select (document.Key, target),
        ];
        // The pattern finds this link. A changed pattern that finds nothing would not fail otherwise.
        Assert.Contains((Path.Combine(Root, "docs/operations.md"), "deploy.md#backup-and-restore"), links);
        Assert.Contains((Path.Combine(Root, "docs/operations.md"), "images/trace.png"), links);
        Assert.Empty(links.Where(static link => !Exists(link.Document, link.Target))
            .Select(static link => $"{Path.GetRelativePath(Root, link.Document)}: {link.Target}").Distinct());
    }

    [Theory]
    [InlineData("Backup and restore", "backup-and-restore")]
    [InlineData("`/metrics` for Prometheus, 2 ports", "metrics-for-prometheus-2-ports")]
    [InlineData("What [a daemon](deploy.md) cannot give: all", "what-a-daemon-cannot-give-all")]
    [InlineData("A_name – with a dash", "a_name--with-a-dash")]
    public void A_heading_has_the_anchor_that_the_page_gives_it(string heading, string anchor) => Assert.Equal(anchor, Anchor(heading));

    private static bool Exists(string document, string target)
    {
        string[] parts = target.Split('#', 2);
        string path = parts[0].Length == 0 ? document
            : Path.GetFullPath(Uri.UnescapeDataString(parts[0]), Path.GetDirectoryName(document)!);
        if (!path.StartsWith(Root + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !Path.Exists(path))
        {
            return false;
        }

        return parts.Length == 1 || (Documents.TryGetValue(path, out string? text) && Anchors(text).Contains(parts[1]));
    }

    /// <summary>Returns the anchors of a document's headings. Repeated headings get a number.</summary>
    private static HashSet<string> Anchors(string text)
    {
        HashSet<string> anchors = [];
        foreach (Match heading in Heading().Matches(text))
        {
            string anchor = Anchor(heading.Groups[1].Value), next = anchor;
            for (int i = 1; !anchors.Add(next); i++)
            {
                next = $"{anchor}-{i}";
            }
        }

        return anchors;
    }

    private static string Anchor(string heading) =>
        NotInAnchors().Replace(LinkText().Replace(heading.Trim(), "$1").ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"^ *(`{3,}|~{3,}).*?^ *\1 *$\n?", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("`[^`\n]+`")]
    private static partial Regex InlineCode();

    /// <summary>Matches <c>](target)</c>, <c>](target "title")</c> and <c>[name]: target</c>.</summary>
    [GeneratedRegex(@"(?:\]\(|^\[[^\]]+\]: +)<?([^)\s>]+)", RegexOptions.Multiline)]
    private static partial Regex Link();

    /// <summary>Matches other addresses: <c>https:</c>, <c>mailto:</c> …</summary>
    [GeneratedRegex("^([a-z][a-z0-9+.-]*:|//)", RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    [GeneratedRegex(@"^#{1,6} +(.+?)(?: +#+)?\r?$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex(@"[^\p{L}\p{N}_ -]")]
    private static partial Regex NotInAnchors();
}
