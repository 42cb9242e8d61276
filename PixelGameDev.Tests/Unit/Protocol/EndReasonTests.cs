using System.Reflection;
using System.Text.RegularExpressions;
using PixelGameDev.AppHost;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Unit.Protocol;

/// <summary>Tests the one table of end reasons and every place that must know all of them.</summary>
public sealed partial class EndReasonTests
{
    private static readonly string Root = Repository.Find().Root;

    [Fact]
    public void Every_reason_has_exactly_one_sentence()
    {
        string[] constants = [.. typeof(EndReasons).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(static field => field.IsLiteral).Select(static field => (string)field.GetRawConstantValue()!)];
        Assert.Equal(constants.Order(), EndReasons.All.Order());
        string[] sentences = [.. EndReasons.All.Select(static reason => EndReasons.SentenceOf(reason, TimeSpan.FromMinutes(10)))];
        Assert.Equal(sentences.Length, sentences.Distinct().Count());
        Assert.All(sentences, static sentence => Assert.Matches(@"^[A-Z].*[.?]$", sentence));
        Assert.DoesNotContain(EndReasons.SentenceOf("a reason of another version"), sentences);
        Assert.Contains("10 minutes", EndReasons.SentenceOf(EndReasons.TimeLimit, TimeSpan.FromMinutes(10)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("de")]
    public void The_page_has_words_for_every_reason(string language)
    {
        string words = File.ReadAllText(Path.Combine(Root, "PixelGameDev.Api/Web/src/language", language, "play.ts"));
        int begin = words.IndexOf("\n  ends: {", StringComparison.Ordinal);
        Assert.True(begin > 0, "play.ts has no words for ends of a session any more: where are they now?");
        string ends = words[begin..words.IndexOf("\n  },", begin, StringComparison.Ordinal)];
        string[] known = [.. Key().Matches(ends).Select(static match => match.Groups[1].Value)];
        Assert.Empty(EndReasons.All.Except(known));
        // The page's own ends, which no server sends.
        Assert.Equal(["signed_out", "too_many_games", "unknown"], known.Except(EndReasons.All).Order());
    }

    [Fact]
    public void No_other_file_words_an_end()
    {
        string[] sentences = [.. EndReasons.All.Select(static reason => EndReasons.SentenceOf(reason))];
        string[] others = [.. Directory.EnumerateDirectories(Root, "PixelGameDev.*")
            .Where(static project => !project.EndsWith(".Tests", StringComparison.Ordinal))
            .SelectMany(static project => Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories))
            .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal) && Path.GetFileName(file) != "EndReasons.cs")
            .Where(file => File.ReadAllText(file) is var text
                && sentences.Any(sentence => text.Contains('"' + sentence, StringComparison.Ordinal)))];
        Assert.Empty(others);
    }

    [GeneratedRegex(@"^    ([a-z_]+): \{", RegexOptions.Multiline)]
    private static partial Regex Key();
}
