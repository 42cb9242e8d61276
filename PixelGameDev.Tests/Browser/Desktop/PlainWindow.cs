using Docker.DotNet.Models;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Browser.Desktop;

/// <summary>Runs a program in a plain pygame window: the Python and pygame of the game image, without our runtime.</summary>
internal sealed class PlainWindow : IAsyncDisposable
{
    /// <summary>In the middle of the screen, so that the mouse can leave it on each side.</summary>
    private const int Left = 440;
    private const int Top = 300;

    private readonly XServer _screen;
    private readonly TestDirectory _output;
    private readonly string _container;

    private PlainWindow(XServer screen, TestDirectory output, string container)
    {
        _screen = screen;
        _output = output;
        _container = container;
    }

    private string Lines => Path.Combine(_output.Path, "lines");

    /// <summary>Starts the program <c>listener.py</c> of a directory.</summary>
    public static async Task<PlainWindow> OpenAsync(XServer screen, string directory)
    {
        TestDirectory output = new();
        Docker.DotNet.IContainerOperations containers = TestGameImage.Docker.Client.Containers;
        string id = (await containers.CreateContainerAsync(new CreateContainerParameters
        {
            Image = await TestGameImage.EnsureAsync(),
            User = "0:0",
            Entrypoint = ["/bin/sh", "-c", "exec /usr/bin/python3 -Bu /script/listener.py >/output/lines 2>/output/errors"],
            Cmd = [],
            Env =
            [
                $"DISPLAY={screen.Display}", "SDL_AUDIODRIVER=dummy", $"SDL_VIDEO_WINDOW_POS={Left},{Top}",
                "PYGAME_HIDE_SUPPORT_PROMPT=1",
            ],
            HostConfig = new HostConfig
            {
                NetworkMode = "none",
                Binds = [$"{directory}:/script:ro", $"{output.Path}:/output", "/tmp/.X11-unix:/tmp/.X11-unix:ro"],
            },
        })).ID;
        PlainWindow window = new(screen, output, id);
        await containers.StartContainerAsync(id, new ContainerStartParameters());
        await Eventually.TrueAsync(() => window.Read().Contains("listening"), "the plain window listens");
        return window;
    }

    public async Task DoAsync(Scenario scenario)
    {
        await _screen.UseLayoutAsync(scenario.Layout);
        await _screen.DoAsync(scenario.Steps, static (x, y) => (Left + x, Top + y));
    }

    public Task ResizeAsync() => _screen.ResizeAsync(500, 350);

    /// <summary>Returns the whole lines of the program.</summary>
    public string[] Read()
    {
        if (!File.Exists(Lines))
        {
            return [];
        }

        string text = File.ReadAllText(Lines);
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public async ValueTask DisposeAsync()
    {
        await TestGameImage.Docker.Client.Containers.RemoveContainerAsync(_container, new ContainerRemoveParameters { Force = true });
        _output.Dispose();
    }
}
