using System.Diagnostics;
using System.Globalization;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Browser.Desktop;

/// <summary>Runs an X server without a screen, and types and clicks on it as a person does: through XTEST.</summary>
internal sealed class XServer : IAsyncDisposable
{
    /// <summary>F9 ends a scenario.</summary>
    private const string Mark = "F9";

    private readonly Process _server;
    private string _layout = "us";

    private XServer(Process server, string display)
    {
        _server = server;
        Display = display;
    }

    /// <summary>Gets the value of DISPLAY.</summary>
    public string Display { get; }

    public static async Task<XServer> StartAsync()
    {
        // Without shared memory, because a client may be in a container; without auto-repeat, whose pace depends on the machine.
        Process server = Process.Start(new ProcessStartInfo("Xvfb",
            ["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-ac", "-noreset", "-r", "-extension", "MIT-SHM"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> complaints = server.StandardError.ReadToEndAsync();
        string? number = await server.StandardOutput.ReadLineAsync();
        return number is null
            ? throw new InvalidOperationException($"Xvfb (Debian package xvfb) did not start: {await complaints}")
            : new XServer(server, $":{number.Trim()}");
    }

    /// <summary>Changes the keyboard layout. Returns whether it was another one.</summary>
    public async Task<bool> UseLayoutAsync(string layout)
    {
        if (layout == _layout)
        {
            return false;
        }

        string[] parts = layout.Split(' ');
        string variant = parts.ElementAtOrDefault(1) ?? "";
        await RunAsync("setxkbmap", ["-rules", "evdev", "-model", "pc105", "-layout", parts[0], "-variant", variant]);
        _layout = layout;
        return true;
    }

    /// <summary>Does the steps of a scenario and ends it.</summary>
    /// <param name="steps">As README.md describes them.</param>
    /// <param name="place">Returns the place of a game pixel on the screen.</param>
    /// <param name="seen">Waits until the window has seen the steps; null: it sees the key that ends the scenario after them.</param>
    public async Task DoAsync(string steps, Func<int, int, (int X, int Y)> place, Func<Task>? seen = null)
    {
        if (seen is not null)
        {
            await RunAsync("xdotool", WordsOf(steps, place));
            await seen();
            steps = "";
        }

        await RunAsync("xdotool", WordsOf($"{steps} {Mark}", place));
    }

    private static List<string> WordsOf(string steps, Func<int, int, (int X, int Y)> place)
    {
        List<string> words = [];
        foreach (string step in steps.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string name = step.TrimStart('+', '-');
            if (XKeys.Numbers.TryGetValue(name, out int key))
            {
                string number = key.ToString(CultureInfo.InvariantCulture);
                if (!step.StartsWith('-'))
                {
                    words.AddRange(["keydown", number]);
                }

                if (!step.StartsWith('+'))
                {
                    words.AddRange(["keyup", number]);
                }
            }
            else if (step.StartsWith('@'))
            {
                int[] pixel = [.. step[1..].Split(',').Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
                (int x, int y) = place(pixel[0], pixel[1]);
                words.AddRange(["mousemove", x.ToString(CultureInfo.InvariantCulture), y.ToString(CultureInfo.InvariantCulture)]);
            }
            else
            {
                words.Add(step);
            }
        }

        return words;
    }

    /// <summary>Presses combinations of keys, by the names of X.</summary>
    public Task PressAsync(IEnumerable<string> combinations) => RunAsync("xdotool", ["key", "--delay", "60", .. combinations]);

    /// <summary>Gives the keyboard to the window in the middle of the screen. Without a window manager nobody else does.</summary>
    public async Task FocusAsync() => await RunAsync("xdotool", ["windowfocus", "--sync", await FindWindowAsync()]);

    /// <summary>Changes the size of the window in the middle of the screen, as a person does who drags its corner.</summary>
    public async Task ResizeAsync(int width, int height) =>
        await RunAsync("xdotool", ["windowsize", "--sync", await FindWindowAsync(), $"{width}", $"{height}"]);

    private async Task<string> FindWindowAsync()
    {
        // x:640 y:450 screen:0 window:2097155
        string place = await RunAsync("xdotool", ["mousemove", "640", "450", "getmouselocation"]);
        return place.Trim().Split("window:")[1];
    }

    public async ValueTask DisposeAsync()
    {
        if (!_server.HasExited)
        {
            _server.Kill();
        }

        await _server.WaitForExitAsync();
        _server.Dispose();
    }

    private async Task<string> RunAsync(string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["DISPLAY"] = Display;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource limit = new(Eventually.Limit);
        await using CancellationTokenRegistration end = limit.Token.Register(process.Kill);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 0, $"{program} failed: {await errors}");
        return await output;
    }
}
