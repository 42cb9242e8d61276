using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Peers;

/// <summary>One way of showing a game that runs on a server in a browser: ours or a peer's.</summary>
internal abstract class Way : IAsyncDisposable
{
    /// <summary>Name in the results.</summary>
    public abstract string Name { get; }

    /// <summary>Port that the browser talks to.</summary>
    public abstract int Port { get; }

    public IPage Page { get; protected set; } = null!;

    /// <summary>What can be there before a person starts a game: services, the page.</summary>
    public abstract Task PrepareAsync(IBrowserContext context, BenchGame game);

    /// <summary>Waits until nothing of the last game is going on and the next can start as well as it ever can; not counted.</summary>
    public virtual Task UntilQuietAsync() => Task.CompletedTask;

    /// <summary>After a start: whether it was the one that is to be measured.</summary>
    /// <exception cref="InvalidOperationException">It was another, and says which.</exception>
    public virtual Task CheckStartAsync() => Task.CompletedTask;

    /// <summary>A person has clicked: from here to the first picture counts.</summary>
    public abstract Task StartAsync();

    /// <summary>Gives the keyboard to the game.</summary>
    public abstract Task FocusAsync();

    /// <summary>Ends the game and closes the page.</summary>
    public abstract Task StopAsync();

    /// <summary>CPU seconds so far by process and name.</summary>
    public abstract Dictionary<(int Process, string Name), double> Times(int browser);

    public abstract ValueTask DisposeAsync();

    protected static string WebFolder => Path.Combine(Results.RepositoryRoot(), "PixelGameDev.Benchmarks", "Peers", "web");

    protected static async Task<IPage> NewPageAsync(IBrowserContext context, string read)
    {
        IPage page = await context.NewPageAsync();
        await page.AddInitScriptAsync(await File.ReadAllTextAsync(Path.Combine(WebFolder, "probe.js")) + $"\nbench.read = {read};");
        return page;
    }

    protected internal static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    protected static async Task UntilListeningAsync(int port, Process process, string log)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(40);)
        {
            Children.MustRun(process, log);
            using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(5);
            }
        }

        throw new TimeoutException($"{log} does not listen at port {port.ToString(CultureInfo.InvariantCulture)}.");
    }

    /// <summary>A display number that no X server has.</summary>
    protected static int FreeDisplay()
    {
        for (int display = 90; ; display++)
        {
            if (!File.Exists(DisplaySocket(display)) && !File.Exists(string.Create(CultureInfo.InvariantCulture, $"/tmp/.X{display}-lock")))
            {
                return display;
            }
        }
    }

    protected static string DisplaySocket(int display) => string.Create(CultureInfo.InvariantCulture, $"/tmp/.X11-unix/X{display}");

    /// <summary>The machine's own Python with pygame.</summary>
    protected const string Python = "/usr/bin/python3";

    protected static Dictionary<(int, string), double> TimesOf(int browser, params (Process? Process, string Name)[] parts)
    {
        Dictionary<int, string> roots = new() { [browser] = "browser" };
        foreach ((Process? process, string name) in parts)
        {
            if (process is not null)
            {
                roots[process.Id] = name;
            }
        }

        return ProcessTimes.Below(roots);
    }
}

/// <summary>PixelGameDev itself: page, Api, Executor, a Docker sandbox out of the warm pool.</summary>
internal sealed class OurWay(RunningSystem system) : Way
{
    private StartedSessions? _sessions;

    public override string Name => "PixelGameDev";

    public override int Port => system.Address.Port;

    public override async Task PrepareAsync(IBrowserContext context, BenchGame game)
    {
        Page = await NewPageAsync(context, "bench.fromWorker");
        _sessions = new StartedSessions(Page);
        await Page.AddInitScriptAsync(PlayBenchmark.Spy);
        await PlayBenchmark.OpenAsync(Page, system, game.Staged());
    }

    public override Task UntilQuietAsync() => system.UntilQuietAsync();

    public override async Task CheckStartAsync()
    {
        if (!await _sessions!.WasWarmAsync())
        {
            throw new InvalidOperationException("the sandbox was a cold one although the pool had been full");
        }
    }

    public override Task StartAsync() => Page.EvaluateAsync("document.querySelector('[data-testid=run]').click()");

    public override Task FocusAsync() => Page.GetByTestId("game").FocusAsync();

    public override async Task StopAsync()
    {
        await Page.EvaluateAsync("document.querySelector('[data-testid=stop]:enabled')?.click()");
        await Page.Locator("[data-testid=stop]:disabled").WaitForAsync();
        await Page.CloseAsync();
    }

    public override Dictionary<(int Process, string Name), double> Times(int browser) => ProcessTimes.Read(system.ProcessId, browser);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>
/// noVNC with its defaults before TigerVNC's X server, websockify between them: all but the X server and the game are there before
/// the click, the page is loaded.
/// </summary>
internal sealed class NoVncWay : Way
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pixel-bench-novnc-").FullName;
    private readonly int _vncPort = FreePort();
    private readonly int _port = FreePort();
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
        await Page.WaitForFunctionAsync("window.ready");
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

/// <summary>
/// Xpra and its own HTML5 client with its defaults but sound and menus; it brings its X server, so all of it starts with the click.
/// </summary>
internal sealed class XpraWay : Way
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pixel-bench-xpra-").FullName;
    private int _port = FreePort();
    private Process? _server;
    private int _display;

    public override string Name => "Xpra";

    public override int Port => _port;

    public static string? Missing => File.Exists("/usr/bin/xpra") ? null : "xpra";

    public override async Task PrepareAsync(IBrowserContext context, BenchGame game)
    {
        _port = FreePort();
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
        Children.AtEnd = EndDisplay;
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

    /// <summary>Xpra's X server has a session of its own and outlives an Xpra that ends early.</summary>
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
            // Gone by itself.
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

/// <summary>The prototype's: <see href="web/prototype.py"/>. Server and page are there before the click.</summary>
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
        _port = FreePort();
        _server = Children.Start("prototype", Python, ["-B", Path.Combine(WebFolder, "prototype.py"), "serve",
            _port.ToString(CultureInfo.InvariantCulture), Path.Combine(WebFolder, "prototype.html"), files]);
        await UntilListeningAsync(_port, _server, "prototype");
        Page = await NewPageAsync(context, "bench.fromElement(() => document.querySelector('#game'))");
        await Page.GotoAsync(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/"));
        await Page.WaitForFunctionAsync("window.ready");
    }

    public override Task StartAsync() => Page.EvaluateAsync("void connect()");

    public override Task FocusAsync() => Task.CompletedTask;

    public override async Task StopAsync()
    {
        await Page.CloseAsync();
        // With the game, which is its child.
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
