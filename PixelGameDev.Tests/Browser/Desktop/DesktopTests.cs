using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Browser.Desktop;

/// <summary>Tests that a game in the page sees the same real events as in a window of its own. README.md describes the scenarios.</summary>
[Collection(BrowserCollection.Name)]
[TestCaseOrderer("PixelGameDev.Tests.Browser.Desktop.ByZoom", "PixelGameDev.Tests")]
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

    public static TheoryData<string> Zoomed() => [.. ZoomScenarios.All.Select(static scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Zoomed))]
    public Task At_a_zoom_all_is_as_on_a_desktop(string name) => CompareAsync(ZoomScenarios.All.Single(scenario => scenario.Name == name));

    /// <summary>Tests a game that looks around with a hidden and grabbed mouse.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(150)]
    public async Task A_game_that_looks_around_gets_every_way(int zoom)
    {
        Scenario look = new("looking around", "us", "@200,150 | F13 click 1") { Listen = ["MOUSE"], UsesMouse = true, Zoom = zoom };
        await windows.DoAsync(system, look);
        await windows.WaitForLockAsync(true);
        await SameAsync(
            look, "mousemove_relative 30 0", "mousemove_relative -- -50 20", "mousedown 1", "mousemove_relative 20 5", "mouseup 1",
            "mousemove_relative 200 0", "mousemove_relative 200 0", "mousemove_relative 200 0", "mousemove_relative -- -200 -50",
            "click 4");
        await windows.ContinueAsync(look with { Steps = "F13" });
        await windows.WaitForLockAsync(false);
    }

    /// <summary>
    /// Tests a game that looks around by putting its hidden mouse back into the middle. The sum of its ways differs from run to run in the
    /// plain window, because a place that the mouse has before it is put back may count twice. So the direction is compared, and that the
    /// ways are longer than a mouse in the window could go.
    /// </summary>
    [Fact]
    public async Task A_game_that_puts_its_mouse_back_turns_without_end()
    {
        Scenario look = new("putting the mouse back", "us", "@200,150 | F15 click 1") { Listen = ["TURNED"], UsesMouse = true };
        await windows.DoAsync(system, look);
        await windows.WaitForLockAsync(true);
        // Short moves, because the page takes a long first one for the browser's own.
        Assert.Equal("TURNED right", await TurnAsync(look, "mousemove_relative 90 0", 10));
        Assert.Equal("TURNED left", await TurnAsync(look, "mousemove_relative -- -90 0", 20));
        await windows.ContinueAsync(look with { Steps = "F15" });
        await windows.WaitForLockAsync(false);
    }

    private async Task<string> TurnAsync(Scenario scenario, string step, int times)
    {
        (string[] Plain, string[] Page) seen = ([], []);
        for (int time = 0; time < times; time++)
        {
            seen = await windows.ContinueAsync(scenario with { Steps = step });
        }

        Assert.Equal(seen.Plain, seen.Page);
        return Assert.Single(seen.Page);
    }

    /// <summary>
    /// Tests a window that a person makes larger or smaller. Each side has a size of its own, so the events are compared, and each side's
    /// numbers with themselves.
    /// </summary>
    [Fact]
    public async Task A_window_that_can_change_its_size_says_so_in_the_same_events()
    {
        Scenario sizes = new("another size", "us", "F14") { Listen = ["WINDOWSIZECHANGED", "WINDOWRESIZED", "VIDEORESIZE", "SIZE"] };
        await windows.DoAsync(system, sizes);
        (string[] plain, string[] page) = await windows.ResizeAsync(sizes);
        Assert.Equal("SIZE 500 350", plain[^1]);
        Assert.NotEqual("SIZE 400 300", page[^1]);
        foreach (string[] lines in (string[][])[plain, page])
        {
            Assert.Equal(["WINDOWSIZECHANGED", "VIDEORESIZE", "WINDOWRESIZED", "SIZE"], lines.Select(static line => line.Split(' ')[0]));
            string[] size = lines[^1].Split(' ');
            Assert.All(lines[..^1], line => Assert.Equal(size[1..], line.Split(' ')[1..].Select(static field => field.Split('=')[1])));
        }

        await windows.ContinueAsync(sizes);
        await windows.RestoreAsync();
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
        // Without a window manager a plain window can lose the keyboard once more while it opens.
        Assert.Equal(("WINDOWFOCUSGAINED", "WINDOWFOCUSGAINED"), (plain[0], plain[^1]));
        Assert.Equal(["WINDOWFOCUSGAINED"], page);
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
