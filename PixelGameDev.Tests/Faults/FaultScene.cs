using System.Diagnostics;
using System.Globalization;
using PixelGameDev.AppHost;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Sandbox.Hostile;
using Xunit.Abstractions;

namespace PixelGameDev.Tests.Faults;

/// <summary>
/// Provides ten playing viewers (five people, two tabs each) on a separate system. At the end it asserts that no container, link or
/// temporary file is left.
/// </summary>
internal sealed class FaultScene : IAsyncDisposable
{
    public const int Tabs = 2;
    private const int Crowd = 5;

    /// <summary>The longest wait for a recovery. The real time is a figure, not a condition.</summary>
    public static readonly TimeSpan Recovery = TimeSpan.FromSeconds(90);

    private static readonly Lock Gate = new();

    private readonly ITestOutputHelper _output;
    private readonly TestDirectory _directory = new();
    private readonly Func<string, Task<IReadOnlyList<string>>> _containers;

    private FaultScene(ITestOutputHelper output, Func<string, Task<IReadOnlyList<string>>> containers)
    {
        _output = output;
        _containers = containers;
    }

    public TestSystem System { get; private set; } = null!;

    /// <summary>The name in the labels of the Executor's containers.</summary>
    public string Identity { get; } = "faults-" + Guid.NewGuid().ToString("N")[..8];

    public List<Person> People { get; } = [];

    public List<PlayingViewer> Viewers { get; } = [];

    /// <summary>Holds the session of each person.</summary>
    public List<Guid> Sessions { get; } = [];

    /// <param name="output">The output of the test.</param>
    /// <param name="settings">Settings of the Executor.</param>
    /// <param name="containers">Returns the containers with a given name.</param>
    public static async Task<FaultScene> StartAsync(
        ITestOutputHelper output, IReadOnlyDictionary<string, string?> settings, Func<string, Task<IReadOnlyList<string>>> containers)
    {
        FaultScene scene = new(output, containers);
        Directory.CreateDirectory(scene.TemporaryFiles);
        scene.System = await TestSystem.StartAsync(options => options with
        {
            DurableDatabase = true,
            ExecutorEnvironment = new Dictionary<string, string?>(options.ExecutorEnvironment.Concat(settings))
            {
                ["EXECUTOR_ID"] = scene.Identity,
                ["MAX_CONCURRENT_SESSIONS"] = "12",
                ["SANDBOX_WARM"] = "1",
                ["SANDBOX_LINK_DIRECTORY"] = scene.Links,
                ["TMPDIR"] = scene.TemporaryFiles,
                // The runtime's own debugging sockets do not count as left over.
                ["DOTNET_EnableDiagnostics"] = "0",
            },
        });
        try
        {
            await scene.GatherAsync();
            return scene;
        }
        catch
        {
            await scene.DisposeAsync();
            throw;
        }
    }

    private async Task GatherAsync()
    {
        for (int i = 0; i < Crowd; i++)
        {
            Person person = await Person.ArriveAsync(System.Address);
            People.Add(person);
            Guid session = await person.RunAsync();
            Sessions.Add(session);
            for (int tab = 0; tab < Tabs; tab++)
            {
                Viewers.Add(new PlayingViewer(person, session));
            }
        }

        await AllSeeFramesAsync("all ten viewers play");
    }

    public Task<IReadOnlyList<string>> ContainersAsync() => _containers(Identity);

    /// <summary>Asserts that all viewers, or the given ones, get more frames.</summary>
    public async Task AllSeeFramesAsync(string what, IEnumerable<PlayingViewer>? who = null)
    {
        (PlayingViewer Viewer, int Frames)[] before = [.. (who ?? Viewers).Select(static viewer => (viewer, viewer.Frames))];
        await Eventually.TrueAsync(() => before.All(static one => one.Viewer.Frames > one.Frames + 10), what, Recovery);
    }

    /// <summary>Returns the end that each viewer was told.</summary>
    public Task<SessionEnded[]> EndsAsync(IEnumerable<PlayingViewer>? who = null) =>
        Task.WhenAll((who ?? Viewers).Select(static viewer => viewer.Ended)).WaitAsync(Recovery);

    /// <summary>
    /// Presses Run until a game plays. A session that started in a sandbox that was just ending ends like the others, with a sentence that
    /// asks to press Run.
    /// </summary>
    public async Task PlaysAgainAsync(Person person)
    {
        PlayingViewer viewer;
        do
        {
            viewer = new PlayingViewer(person, await person.RunAsync());
            Viewers.Add(viewer);
            await Eventually.TrueAsync(() => viewer.Frames > 0
                || viewer.Ended.IsCompleted, "the game plays again, or says that it does not", Recovery);
        }
        while (viewer.Frames == 0);
    }

    /// <summary>Writes a figure of this run to the test's output and to <c>artifacts/faults.txt</c>.</summary>
    public void Say(string what, long since)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{what}: {Stopwatch.GetElapsedTime(since).TotalSeconds:F1} s");
        _output.WriteLine(line);
        string file = Path.Combine(Repository.Find().Root, "artifacts", "faults.txt");
        lock (Gate)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            // Keeps the newest figure of each kind.
            string[] others = File.Exists(file)
                ? [.. File.ReadLines(file).Where(old => !old.StartsWith(what + ":", StringComparison.Ordinal))] : [];
            File.WriteAllLines(file, others.Append(line).Order(StringComparer.Ordinal));
        }
    }

    /// <summary>Ends everything and fails when something is left.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (PlayingViewer viewer in Viewers)
        {
            await viewer.DisposeAsync();
        }

        foreach (Person person in People)
        {
            person.Dispose();
        }

        if (System is not null)
        {
            await System.DisposeAsync();
        }

        IReadOnlyList<string> left = [.. await ContainersAsync(), .. SandboxLeftovers.Files(Links),
            .. SandboxLeftovers.Files(TemporaryFiles), .. SandboxLeftovers.Processes(_directory.Path)];
        _directory.Dispose();
        Assert.True(left.Count == 0, "Left over: " + string.Join('\n', left));
    }

    private string Links => _directory.Sub("links");

    private string TemporaryFiles => _directory.Sub("tmp");
}
