using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Peers;

/// <summary>Shows games in the prototype's way (<see href="web/prototype.py"/>). Server and page exist before the click.</summary>
internal sealed class PrototypeWay : Way
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pixel-bench-jpeg-").FullName;
    private int _port;
    private Process? _server;

    public override string Name => "JPEG by SSE";

    public override int Port => _port;

    public static string? Missing => Directory.Exists("/usr/lib/python3/dist-packages/PIL") ? null : "python3-pil";

    public override async Task PrepareAsync(IBrowserContext context, BenchGame game)
    {
        string files = Path.Combine(_directory, "game");
        if (Directory.Exists(files))
        {
            Directory.Delete(files, recursive: true);
        }

        game.WriteTo(files);
        _port = Ports.Free();
        _server = Children.Start("prototype", Python, ["-B", Path.Combine(WebFolder, "prototype.py"), "serve",
            _port.ToString(CultureInfo.InvariantCulture), Path.Combine(WebFolder, "prototype.html"), files]);
        await UntilListeningAsync(_port, _server, "prototype");
        Page = await NewPageAsync(context, "bench.fromElement(() => document.querySelector('#game'))");
        await Page.GotoAsync(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/"));
        await Page.WaitForFunctionAsync("() => window.ready");
    }

    public override Task StartAsync() => Page.EvaluateAsync("void connect()");

    public override Task FocusAsync() => Task.CompletedTask;

    public override async Task StopAsync()
    {
        await Page.CloseAsync();
        // Also ends the game, which is its child.
        await Children.StopAsync(_server, polite: false);
        _server = null;
    }

    public override Dictionary<(int Process, string Name), double> Times(int browser)
    {
        Dictionary<int, string> roots = new() { [browser] = "browser" };
        if (_server is not null)
        {
            roots[_server.Id] = "server";
            foreach (int child in ProcessTimes.Descendants(_server.Id))
            {
                roots[child] = "game and encoder";
            }
        }

        return ProcessTimes.Below(roots);
    }

    public override async ValueTask DisposeAsync()
    {
        await Children.StopAsync(_server, polite: false);
        Directory.Delete(_directory, recursive: true);
    }
}
