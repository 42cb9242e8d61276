using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.Benchmarks.Peers;

/// <summary>
/// Shows games with noVNC and its defaults, websockify and TigerVNC's X server. The page is loaded before the click; the X server and the
/// game start with it.
/// </summary>
internal sealed class NoVncWay : Way
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pixel-bench-novnc-").FullName;
    private readonly int _vncPort = Ports.Free();
    private readonly int _port = Ports.Free();
    private Process? _websockify;
    private Process? _server;
    private Process? _game;
    private BenchGame? _what;

    public override string Name => "noVNC";

    public override int Port => _port;

    public static string? Missing => !File.Exists("/usr/bin/Xvnc") ? "tigervnc-standalone-server"
        : !File.Exists("/usr/bin/websockify") ? "websockify" : !File.Exists("/usr/share/novnc/core/rfb.js") ? "novnc" : null;

    public override async Task PrepareAsync(IBrowserContext context, BenchGame game)
    {
        _what = game;
        string files = Path.Combine(_directory, "game");
        if (Directory.Exists(files))
        {
            Directory.Delete(files, recursive: true);
        }

        game.WriteTo(files);
        if (_websockify is null)
        {
            string web = Path.Combine(_directory, "web");
            Directory.CreateDirectory(web);
            Directory.CreateSymbolicLink(Path.Combine(web, "core"), "/usr/share/novnc/core");
            Directory.CreateSymbolicLink(Path.Combine(web, "vendor"), "/usr/share/novnc/vendor");
            File.Copy(Path.Combine(WebFolder, "novnc.html"), Path.Combine(web, "index.html"));
            _websockify = Children.Start("websockify", "/usr/bin/websockify", ["--web", web,
                $"127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}",
                $"127.0.0.1:{_vncPort.ToString(CultureInfo.InvariantCulture)}"]);
            await UntilListeningAsync(_port, _websockify, "websockify");
        }

        Page = await NewPageAsync(context, "bench.fromElement(() => document.querySelector('#screen canvas'))");
        await Page.GotoAsync(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/index.html"));
        await Page.WaitForFunctionAsync("() => window.ready");
    }

    public override async Task StartAsync()
    {
        int display = FreeDisplay();
        string name = string.Create(CultureInfo.InvariantCulture, $":{display}");
        _server = Children.Start("xvnc", "/usr/bin/Xvnc",
        [
            name, "-geometry", string.Create(CultureInfo.InvariantCulture, $"{_what!.Width}x{_what.Height}"), "-depth", "24",
            "-SecurityTypes", "None", "-localhost", "-rfbport", _vncPort.ToString(CultureInfo.InvariantCulture), "-FrameRate", "60",
        ]);
        await UntilListeningAsync(_vncPort, _server, "xvnc");
        _game = Children.Start("novnc-game", Python, ["-B", "main.py"], Environment(name), Path.Combine(_directory, "game"));
        await Page.EvaluateAsync("connect()");
    }

    public override Task FocusAsync() => Page.EvaluateAsync("rfb.focus()");

    public override async Task StopAsync()
    {
        await Page.CloseAsync();
        await Children.StopAsync(_game, polite: false);
        await Children.StopAsync(_server);
        _game = _server = null;
    }

    public override Dictionary<(int Process, string Name), double> Times(int browser) =>
        TimesOf(browser, (_game, "game"), (_server, "Xvnc"), (_websockify, "websockify"));

    public override async ValueTask DisposeAsync()
    {
        await Children.StopAsync(_game, polite: false);
        await Children.StopAsync(_server);
        await Children.StopAsync(_websockify);
        Directory.Delete(_directory, recursive: true);
    }

    internal static Dictionary<string, string> Environment(string display) => new()
    {
        ["DISPLAY"] = display,
        ["SDL_VIDEODRIVER"] = "x11",
        ["SDL_AUDIODRIVER"] = "dummy",
        ["SDL_VIDEO_WINDOW_POS"] = "0,0",
        ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1",
    };
}
