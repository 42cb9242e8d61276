using System.Diagnostics;
using System.Globalization;
using System.Text;
using Docker.DotNet.Models;
using Npgsql;
using PixelGameDev.AppHost;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Api;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Sandbox.Hostile;
using Xunit.Abstractions;

namespace PixelGameDev.Tests.Faults;

/// <summary>
/// Kills parts of the system (SIGKILL) while ten viewers play: five people, two tabs each. The tests check what each viewer sees, that
/// everything plays again by itself, and that nothing is left. The times go to the test's output and to artifacts/faults.txt. A developer
/// copies them to docs/SPECIFICATION.md as figures of one machine.
/// </summary>
[Collection(SystemCollection.Name)]
public sealed class FaultTests(ITestOutputHelper output) : IAsyncLifetime
{
    private FaultScene _scene = null!;

    public async Task InitializeAsync() =>
        _scene = await FaultScene.StartAsync(output, new Dictionary<string, string?>(), SandboxLeftovers.ContainersAsync);

    public async Task DisposeAsync() => await _scene.DisposeAsync();

    [Fact]
    public async Task A_killed_sandbox_ends_its_own_session_and_no_other()
    {
        string container = await ContainerOfAsync(_scene.System, _scene.Sessions[0]);
        using Docker.DotNet.DockerClient docker = SandboxLeftovers.Docker();
        long killed = Stopwatch.GetTimestamp();
        await docker.Containers.KillContainerAsync(container, new ContainerKillParameters { Signal = "SIGKILL" });

        SessionEnded[] ends = await _scene.EndsAsync(_scene.Viewers.Take(FaultScene.Tabs));
        _scene.Say("sandbox killed: its viewers know", killed);
        Assert.All(ends, static end => Assert.Equal(EndReasons.SandboxLost, end.Reason));
        Assert.All(ends, static end => Assert.Contains("Run", end.Message, StringComparison.Ordinal));
        await _scene.AllSeeFramesAsync("the others play on", _scene.Viewers.Skip(FaultScene.Tabs));
        Assert.All(_scene.Viewers.Skip(FaultScene.Tabs), static viewer => Assert.Equal(1, viewer.Connections));
        await _scene.PlaysAgainAsync(_scene.People[0]);
        _scene.Say("sandbox killed: plays again", killed);
    }

    [Fact]
    public async Task After_a_kill_of_the_Api_every_viewer_finds_its_own_game_again_on_an_upgraded_database()
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(_scene.System.Host.ConnectionString);
        long scripts = await CountScriptsAsync(database);
        // The next Api builds the indexes while everybody plays.
        await OlderDatabase.MakeAsync(database, static script => script.HasNoTransaction);
        Assert.True(await CountScriptsAsync(database) < scripts);
        long killed = Stopwatch.GetTimestamp();
        await _scene.System.Host.Api.KillAsync();

        await Eventually.TrueAsync(() => _scene.Viewers.All(static viewer => viewer.Connections > 1 || viewer.Ended.IsCompleted),
            "every viewer has connected again", FaultScene.Recovery);
        await _scene.AllSeeFramesAsync("all ten play on");
        _scene.Say("Api killed: all ten viewers play the same game again", killed);
        Assert.All(_scene.Viewers, static viewer => Assert.False(viewer.Ended.IsCompleted));
        Assert.Equal(scripts, await CountScriptsAsync(database));
    }

    /// <summary>
    /// Upgrades the database beside the Api that serves everybody, as the first of several new Apis does. The running Api is the version
    /// before as far as these scripts go: neither saving nor playing needs what they add.
    /// </summary>
    [Fact]
    public async Task New_columns_and_tables_arrive_while_everybody_plays_and_saves()
    {
        // Later scripts stay: the running Api asks their functions (project_access) at each save.
        const int firstNew = 17, lastNew = 19;
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(_scene.System.Host.ConnectionString);
        long scripts = await CountScriptsAsync(database);
        await OlderDatabase.MakeAsync(database, static script => script.Number is >= firstNew and <= lastNew);
        Assert.Equal(scripts - (lastNew - firstNew + 1), await CountScriptsAsync(database));
        await using (NpgsqlCommand folder = database.CreateCommand("select folder from projects"))
        {
            await Assert.ThrowsAsync<PostgresException>(folder.ExecuteScalarAsync);
        }

        using CancellationTokenSource enough = new();
        int[] acknowledged = new int[_scene.People.Count];
        int refused = 0;
        Task[] saving = [.. _scene.People.Select((person, i) => Task.Run(async () =>
        {
            for (int number = 1; !enough.IsCancellationRequested; number++)
            {
                if (await person.TrySaveAsync("notes.txt", number.ToString(CultureInfo.InvariantCulture)))
                {
                    Volatile.Write(ref acknowledged[i], number);
                }
                else
                {
                    Interlocked.Increment(ref refused);
                }
            }
        }))];
        await AllSaveAsync("everybody saves");
        long began = Stopwatch.GetTimestamp();
        await MigrationTests.Migrator(database).MigrateAsync(CancellationToken.None);
        _scene.Say("New columns: the database is upgraded", began);
        await AllSaveAsync("everybody saves on");
        await _scene.AllSeeFramesAsync("all ten play on");
        await enough.CancelAsync();
        await Task.WhenAll(saving);

        Assert.Equal(scripts, await CountScriptsAsync(database));
        Assert.Equal(0, refused);
        Assert.All(_scene.Viewers, static viewer => Assert.Equal(1, viewer.Connections));
        for (int i = 0; i < acknowledged.Length; i++)
        {
            Person person = _scene.People[i];
            Assert.Equal(
                acknowledged[i].ToString(CultureInfo.InvariantCulture),
                await person.Http.GetStringAsync($"/api/projects/{person.Project}/files/notes.txt"));
            // What is new works without a restart.
            Assert.Contains("\"folder\":null", await person.Http.GetStringAsync("/api/projects"), StringComparison.Ordinal);
        }

        async Task AllSaveAsync(string what)
        {
            int[] before = [.. acknowledged];
            await Eventually.TrueAsync(
                () => before.Select((number, i) => Volatile.Read(ref acknowledged[i]) > number + 5).All(static more => more), what,
                FaultScene.Recovery);
        }
    }

    /// <summary>Counts the scripts that the database has run.</summary>
    private static async Task<long> CountScriptsAsync(NpgsqlDataSource database)
    {
        await using NpgsqlCommand command = database.CreateCommand("select count(*) from schema_migrations");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    [Fact]
    public async Task After_a_kill_of_the_Executor_everybody_is_told_and_can_play_again()
    {
        IReadOnlyList<string> before = await _scene.ContainersAsync();
        long killed = Stopwatch.GetTimestamp();
        await _scene.System.Host.Executor.KillAsync();

        SessionEnded[] ends = await _scene.EndsAsync();
        _scene.Say("Executor killed: all ten viewers know", killed);
        Assert.All(ends, static end => Assert.Equal(EndReasons.SandboxLost, end.Reason));
        await _scene.PlaysAgainAsync(_scene.People[0]);
        _scene.Say("Executor killed: plays again", killed);
        await Eventually.TrueAsync(
            async () => !(await _scene.ContainersAsync()).Any(now => before.Any(old => old[..12] == now[..12])),
            "the dead Executor's containers are gone", FaultScene.Recovery);
        _scene.Say("Executor killed: none of its containers is left", killed);
    }

    [Fact]
    public async Task A_kill_of_Postgres_interrupts_no_game_and_loses_no_acknowledged_save()
    {
        int acknowledged = -1;
        bool refused = false;
        using CancellationTokenSource enough = new();
        Person writer = _scene.People[0];
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
        await _scene.System.Host.Postgres!.Server!.KillAsync();
        await Eventually.TrueAsync(() => refused, "a save is refused", FaultScene.Recovery);
        int lastBefore = acknowledged;
        await Eventually.TrueAsync(() => acknowledged > lastBefore, "saves go through again", FaultScene.Recovery);
        _scene.Say("Postgres killed: saves go through again", killed);
        await enough.CancelAsync();
        await saving;

        int kept = int.Parse(await writer.Http.GetStringAsync($"/api/projects/{writer.Project}/files/notes.txt"),
            CultureInfo.InvariantCulture);
        Assert.True(kept >= acknowledged, $"Save {acknowledged} was acknowledged, {kept} is what the server has.");
        await _scene.AllSeeFramesAsync("all ten play on");
        Assert.All(_scene.Viewers, static viewer => Assert.Equal(1, viewer.Connections));
    }

    // "Session 0193… started in docker sandbox 1b2c3d4e5f60 (warm: True)"
    private static async Task<string> ContainerOfAsync(TestSystem system, Guid session)
    {
        string begin = $"Session {session} started in docker sandbox ";
        string? line = null;
        await Eventually.TrueAsync(() => (line = system.Log.Split('\n')
            .FirstOrDefault(text => text.Contains(begin, StringComparison.Ordinal))) is not null, "the Executor's log names the container");
        return line![(line!.IndexOf(begin, StringComparison.Ordinal) + begin.Length)..][..12];
    }
}
