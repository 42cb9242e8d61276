using PixelGameDev.AppHost;
using PixelGameDev.Tests.Browser.Desktop;

namespace PixelGameDev.Tests.Unit.Docs;

/// <summary>Tests that docs/COMPATIBILITY.md states what differs from a desktop.</summary>
public sealed class CompatibilityDocumentTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Find().Root, "docs/COMPATIBILITY.md"));

    [Fact]
    public void Every_difference_of_keys_and_mouse_is_in_the_list()
    {
        Scenario[] all = [.. KeyboardScenarios.All, .. PointerScenarios.All, .. ZoomScenarios.All];
        Assert.True(all.Length >= 60, $"{all.Length} scenarios");
        Assert.Equal(all.Length, all.DistinctBy(static scenario => scenario.Name).Count());
        Assert.All(all.Where(static scenario => scenario.Difference is not null), static scenario =>
            Assert.Contains(scenario.Difference!.Reason, Page, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_difference_of_pygames_tests_has_its_reason() =>
        Assert.DoesNotContain("not explained", Page, StringComparison.Ordinal);
}
