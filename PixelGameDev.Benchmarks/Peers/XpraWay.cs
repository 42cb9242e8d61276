using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Peers;

/// <summary>
/// Shows games with Xpra and its own HTML5 client with its defaults, except that sound and menus are off. Xpra starts its X server itself,
/// so everything starts with the click.
/// </summary>
internal sealed class XpraWay : Way
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pixel-bench-xpra-").FullName;
    private int _port = Ports.Free();
    private Process? _server;
    private int _display;

    public XpraWay() => Children.AtEnd(EndDisplay);

    public override string Name => "Xpra";

    public override int Port => _port;

    public static string? Missing => File.Exists("/usr/bin/xpra") ? null : "xpra";

    public override async Task PrepareAsync(IBrowserContext context, BenchGame game)
    {
        _port = Ports.Free();
        string files = Path.Combine(_directory, "game");
        if (Directory.Exists(files))
        {
            Directory.Delete(files, recursive: true);
        }

        game.WriteTo(files);
        Page = await NewPageAsync(context, string.Create(
            CultureInfo.InvariantCulture,
            $"bench.fromElement(() => [...document.querySelectorAll('canvas')].find((c) => c.width === {game.Width} && c.height === " +
            $"{game.Height}))"));
    }

    public override async Task StartAsync()
    {
        _display = FreeDisplay();
        string run = Path.Combine(_directory, "run");
        Directory.CreateDirectory(run);
        File.SetUnixFileMode(run, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Dictionary<string, string> environment = NoVncWay.Environment(string.Empty);
        environment.Remove("DISPLAY");
        environment["XDG_RUNTIME_DIR"] = run;
        environment["HOME"] = _directory;
        _server = Children.Start("xpra", "/usr/bin/xpra",
        [
            "start", string.Create(CultureInfo.InvariantCulture, $":{_display}"), "--daemon=no", "--html=/usr/share/xpra/www",
            string.Create(CultureInfo.InvariantCulture, $"--bind-tcp=127.0.0.1:{_port}"),
            "--xvfb=/usr/bin/Xvfb +extension Composite -screen 0 1920x1200x24 -nolisten tcp -noreset",
            "--mdns=no", "--pulseaudio=no", "--speaker=off", "--microphone=off", "--notifications=no", "--webcam=no", "--printing=no",
            "--clipboard=no",
            "--file-transfer=no", "--dbus-launch=", "--dbus-control=no", "--systemd-run=no", "--start-new-commands=no",
            "--exit-with-children=yes",
            "--start-child=" + Python + " -B " + Path.Combine(_directory, "game", "main.py"), "--chdir=" + Path.Combine(_directory, "game"),
        ],
        environment, Path.Combine(_directory, "game"));
        await UntilListeningAsync(_port, _server, "xpra");
        await Page.GotoAsync(string.Create(CultureInfo.InvariantCulture,
            $"http://127.0.0.1:{_port}/index.html?sound=false&floating_menu=false&clipboard=false"));
    }

    public override Task FocusAsync() => Page.Mouse.ClickAsync(700, 500);

    public override async Task StopAsync()
    {
        await Page.CloseAsync();
        await Children.StopAsync(_server);
        _server = null;
        EndDisplay();
    }

    /// <summary>Ends the X server. It has its own session and outlives an Xpra that ends early.</summary>
    private void EndDisplay()
    {
        // "     29942\n"
        string file = string.Create(CultureInfo.InvariantCulture, $"/tmp/.X{_display}-lock");
        if (_display == 0 || !File.Exists(file) || !int.TryParse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture, out int id)
            || ProcessTimes.CommandOf(id)?.Contains("Xvfb-for-Xpra", StringComparison.Ordinal) != true)
        {
            return;
        }

        try
        {
            using Process server = Process.GetProcessById(id);
            server.Kill();
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    public override Dictionary<(int Process, string Name), double> Times(int browser)
    {
        Dictionary<int, string> roots = new() { [browser] = "browser" };
        if (_server is not null)
        {
            roots[_server.Id] = "Xpra";
            foreach (int child in ProcessTimes.Descendants(_server.Id))
            {
                switch (ProcessTimes.CommandOf(child))
                {
                    case { } command when command.Contains("main.py", StringComparison.Ordinal)
                        && !command.Contains("--start-child", StringComparison.Ordinal):
                        roots[child] = "game";
                        break;
                    case { } command when command.Contains("Xvfb", StringComparison.Ordinal)
                        && !command.Contains("--start-child", StringComparison.Ordinal):
                        roots[child] = "Xvfb";
                        break;
                }
            }
        }

        return ProcessTimes.Below(roots);
    }

    public override async ValueTask DisposeAsync()
    {
        await Children.StopAsync(_server);
        Directory.Delete(_directory, recursive: true);
    }
}
