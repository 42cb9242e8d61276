using System.Diagnostics;
using System.Globalization;
using System.Text;
using Docker.DotNet.Models;
using PixelGameDev.AppHost;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Sandbox.Hostile;
using Xunit.Abstractions;

namespace PixelGameDev.Tests.Faults;

/// <summary>
/// Parts of the system are killed (SIGKILL, no chance to tidy up) under ten playing viewers: five people, two tabs each. What each of them
/// sees, that everything plays again by itself, and that nothing is left. How long it took is written to the test's output and, as
/// figures of one machine, to docs/SPECIFICATION.md by hand.
/// </summary>
[Collection(SystemCollection.Name)]
public sealed class FaultTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int People = 5;
    private const int Tabs = 2;
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(90);

    private readonly List<Person> people = [];
    private readonly List<PlayingViewer> viewers = [];
    private readonly List<Guid> sessions = [];
    private TestSystem system = null!;
    private string identity = "";

    public async Task InitializeAsync()
    {
        system = await TestSystem.StartAsync(options =>
        {
            identity = "faults-" + Guid.NewGuid().ToString("N")[..8];
            return options with
            {
                DurableDatabase = true,
                ExecutorEnvironment = new Dictionary<string, string?>(options.ExecutorEnvironment)
                {
                    ["EXECUTOR_ID"] = identity,
                    ["MAX_CONCURRENT_SESSIONS"] = "12",
                    ["SANDBOX_WARM"] = "1",
                },
            };
        });
        for (int i = 0; i < People; i++)
        {
            Person person = await Person.ArriveAsync(system.Address);
            people.Add(person);
            Guid session = await person.RunAsync();
            sessions.Add(session);
            for (int tab = 0; tab < Tabs; tab++)
            {
                viewers.Add(new PlayingViewer(person, session));
            }
        }

        await AllSeeFramesAsync("all ten viewers play");
    }

    public async Task DisposeAsync()
    {
        foreach (PlayingViewer viewer in viewers)
        {
            await viewer.DisposeAsync();
        }

        foreach (Person person in people)
        {
            person.Dispose();
        }

        await system.DisposeAsync();
        Assert.Empty(await SandboxLeftovers.ContainersAsync(identity));
    }

    [Fact]
    public async Task A_killed_sandbox_ends_its_own_session_and_no_other()
    {
        string container = await ContainerOfAsync(system, sessions[0]);
        using Docker.DotNet.DockerClient docker = SandboxLeftovers.Docker();
        long killed = Stopwatch.GetTimestamp();
        await docker.Containers.KillContainerAsync(container, new ContainerKillParameters { Signal = "SIGKILL" });

        SessionEnded[] ends = await Task.WhenAll(viewers.Take(Tabs).Select(static viewer => viewer.Ended)).WaitAsync(Recovery);
        Say("sandbox killed: its viewers know", killed);
        Assert.All(ends, static end => Assert.Equal(EndReasons.SandboxLost, end.Reason));
        Assert.All(ends, static end => Assert.Contains("Run", end.Message, StringComparison.Ordinal));
        await AllSeeFramesAsync("the others play on", viewers.Skip(Tabs));
        Assert.All(viewers.Skip(Tabs), static viewer => Assert.Equal(1, viewer.Connections));
        await PlaysAgainAsync(people[0], "sandbox killed: plays again", killed);
    }

    [Fact]
    public async Task After_a_kill_of_the_Api_every_viewer_finds_its_own_game_again()
    {
        long killed = Stopwatch.GetTimestamp();
        await system.Host.Api.KillAsync();

        await Eventually.TrueAsync(() => viewers.All(static viewer => viewer.Connections > 1 || viewer.Ended.IsCompleted), "every viewer has connected again", Recovery);
        await AllSeeFramesAsync("all ten play on");
        Say("Api killed: all ten viewers play the same game again", killed);
        Assert.All(viewers, static viewer => Assert.False(viewer.Ended.IsCompleted));
    }

    [Fact]
    public async Task After_a_kill_of_the_Executor_everybody_is_told_and_can_play_again()
    {
        IReadOnlyList<string> before = await SandboxLeftovers.ContainersAsync(identity);
        long killed = Stopwatch.GetTimestamp();
        await system.Host.Executor.KillAsync();

        SessionEnded[] ends = await Task.WhenAll(viewers.Select(static viewer => viewer.Ended)).WaitAsync(Recovery);
        Say("Executor killed: all ten viewers know", killed);
        Assert.All(ends, static end => Assert.Equal(EndReasons.SandboxLost, end.Reason));
        await PlaysAgainAsync(people[0], "Executor killed: plays again", killed);
        await Eventually.TrueAsync(
            async () => !(await SandboxLeftovers.ContainersAsync(identity)).Any(now => before.Any(old => old[..12] == now[..12])),
            "the dead Executor's containers are gone", Recovery);
        Say("Executor killed: none of its containers is left", killed);
    }

    [Fact]
    public async Task A_kill_of_Postgres_interrupts_no_game_and_loses_no_acknowledged_save()
    {
        int acknowledged = -1;
        bool refused = false;
        using CancellationTokenSource enough = new();
        Person writer = people[0];
        Task saving = Task.Run(async () =>
        {
            for (int number = 0; !enough.IsCancellationRequested; number++)
            {
                if (await writer.TrySaveAsync("notes.txt", number.ToString(CultureInfo.InvariantCulture)))
                {
                    acknowledged = number;
                }
                else
                {
                    refused = true;
                }
            }
        });
        await Eventually.TrueAsync(() => acknowledged > 20, "saves go through");

        long killed = Stopwatch.GetTimestamp();
        await system.Host.Postgres!.Server!.KillAsync();
        await Eventually.TrueAsync(() => refused, "a save is refused", Recovery);
        int lastBefore = acknowledged;
        await Eventually.TrueAsync(() => acknowledged > lastBefore, "saves go through again", Recovery);
        Say("Postgres killed: saves go through again", killed);
        await enough.CancelAsync();
        await saving;

        int kept = int.Parse(await writer.Http.GetStringAsync($"/api/projects/{writer.Project}/files/notes.txt"), CultureInfo.InvariantCulture);
        Assert.True(kept >= acknowledged, $"Save {acknowledged} was acknowledged, {kept} is what the server has.");
        await AllSeeFramesAsync("all ten play on");
        Assert.All(viewers, static viewer => Assert.Equal(1, viewer.Connections));
    }

    private async Task PlaysAgainAsync(Person person, string what, long since)
    {
        Guid session = await person.RunAsync();
        PlayingViewer viewer = new(person, session);
        viewers.Add(viewer);
        await Eventually.TrueAsync(() => viewer.Frames > 0, "the game plays again", Recovery);
        Say(what, since);
    }

    private Task AllSeeFramesAsync(string what) => AllSeeFramesAsync(what, viewers);

    private static async Task AllSeeFramesAsync(string what, IEnumerable<PlayingViewer> who)
    {
        (PlayingViewer Viewer, int Frames)[] before = [.. who.Select(static viewer => (viewer, viewer.Frames))];
        await Eventually.TrueAsync(() => before.All(static one => one.Viewer.Frames > one.Frames + 10), what, Recovery);
    }

    // "Session 0193… started in docker sandbox 1b2c3d4e5f60 (warm: True)"
    private static async Task<string> ContainerOfAsync(TestSystem system, Guid session)
    {
        string begin = $"Session {session} started in docker sandbox ";
        string? line = null;
        await Eventually.TrueAsync(() => (line = system.Log.Split('\n').FirstOrDefault(text => text.Contains(begin, StringComparison.Ordinal))) is not null, "the Executor's log names the container");
        return line![(line!.IndexOf(begin, StringComparison.Ordinal) + begin.Length)..][..12];
    }

    private void Say(string what, long since) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} after {Stopwatch.GetElapsedTime(since).TotalSeconds:F1} s"));
}
