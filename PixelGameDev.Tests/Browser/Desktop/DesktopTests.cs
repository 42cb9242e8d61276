using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Browser.Desktop;

/// <summary>Tests that a game in the page sees the same real events as in a window of its own. README.md describes the scenarios.</summary>
[Collection(BrowserCollection.Name)]
public sealed class DesktopTests(SystemFixture system, DesktopWindows windows) : IClassFixture<DesktopWindows>
{
    public static TheoryData<string> Keyboard() => [.. KeyboardScenarios.All.Select(static scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Keyboard))]
    public Task Keys_are_those_of_a_desktop(string name) => CompareAsync(KeyboardScenarios.All.Single(scenario => scenario.Name == name));

    public static TheoryData<string> Mouse() => [.. PointerScenarios.All.Select(static scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Mouse))]
    public Task The_mouse_is_that_of_a_desktop(string name) => CompareAsync(PointerScenarios.All.Single(scenario => scenario.Name == name));

    /// <summary>Tests a game that looks around with a hidden and grabbed mouse.</summary>
    [Fact]
    public async Task A_game_that_looks_around_gets_every_way()
    {
        Scenario look = new("looking around", "us", "@200,150 | F13 click 1") { Listen = ["MOUSE"], UsesMouse = true };
        await windows.DoAsync(system, look);
        await windows.WaitForLockAsync(true);
        await SameAsync(
            look, "mousemove_relative 30 0", "mousemove_relative -- -50 20", "mousedown 1", "mousemove_relative 20 5", "mouseup 1",
            "mousemove_relative 200 0", "mousemove_relative 200 0", "mousemove_relative 200 0", "mousemove_relative -- -200 -50",
            "click 4");
        await windows.ContinueAsync(look with { Steps = "F13" });
        await windows.WaitForLockAsync(false);
    }

    private async Task SameAsync(Scenario scenario, params string[] steps)
    {
        foreach (string step in steps)
        {
            (string[] plain, string[] page) = await windows.ContinueAsync(scenario with { Steps = step });
            Assert.True(plain.SequenceEqual(page), $"{step}\n{Describe(plain, page)}");
        }
    }

    [Fact]
    public async Task A_window_opens_with_the_keyboard()
    {
        (string[] plain, string[] page) = await windows.OpeningAsync(system);
        Assert.Equal(["WINDOWFOCUSGAINED"], plain);
        Assert.Equal(plain, page);
    }

    private async Task CompareAsync(Scenario scenario)
    {
        (string[] plain, string[] page) = await windows.DoAsync(system, scenario);
        if (scenario.Difference is { } difference)
        {
            Assert.Equal(difference.Page, page);
            Assert.False(plain.SequenceEqual(page), $"Both windows see the same now, so “{difference.Reason}” can go.");
        }
        else
        {
            (plain, page) = Allowance.Apply(plain, page);
            Assert.True(plain.SequenceEqual(page), Describe(plain, page));
        }
    }

    private static string Describe(string[] plain, string[] page) =>
        $"Desktop:\n{string.Join('\n', plain)}\n\nPage:\n{string.Join('\n', page)}";
}
