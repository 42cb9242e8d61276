using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using Xunit.Abstractions;

namespace PixelGameDev.Tests.Faults;

/// <summary>Kills the Docker daemon while ten viewers play. The daemon belongs to the test, so that no other test notices.</summary>
[Collection(SystemCollection.Name)]
public sealed class DockerFaultTests(ITestOutputHelper output) : IAsyncLifetime
{
    private PrivateDocker _docker = null!;
    private FaultScene _scene = null!;

    public async Task InitializeAsync()
    {
        _docker = await PrivateDocker.StartAsync();
        try
        {
            _scene = await FaultScene.StartAsync(
                output,
                new Dictionary<string, string?> { ["DOCKER_HOST"] = _docker.Endpoint.ToString(), ["GAME_IMAGE"] = _docker.Image },
                ContainersAsync);
        }
        catch
        {
            await _docker.DisposeAsync();
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        try
        {
            await _scene.DisposeAsync();
        }
        finally
        {
            await _docker.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_kill_of_dockerd_interrupts_no_game_until_it_is_back_and_then_everybody_can_play_again()
    {
        long killed = Stopwatch.GetTimestamp();
        await _docker.KillDaemonAsync();

        // The games need no daemon: their link is a socket between them and the Executor.
        await _scene.AllSeeFramesAsync("all ten play on without a daemon");
        Assert.All(_scene.Viewers, static viewer => Assert.Equal((1, false), (viewer.Connections, viewer.Ended.IsCompleted)));
        await Eventually.TrueAsync(async () =>
            await HealthAsync() == HttpStatusCode.ServiceUnavailable, "the Executor's health says so", FaultScene.Recovery);
        _scene.Say("dockerd killed: the Executor's health says so", killed);
        using Person late = await Person.ArriveAsync(_scene.System.Address);
        (HttpStatusCode status, string sentence) = await RefusalAsync(late);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("Try again", sentence, StringComparison.Ordinal);
        await _scene.AllSeeFramesAsync("all ten still play");

        // A daemon that comes back ends the containers that it does not know (unless it runs with "live-restore").
        long back = Stopwatch.GetTimestamp();
        await _docker.StartDaemonAsync();
        _scene.Say("dockerd killed: a new one answers, from its start", back);
        SessionEnded[] ends = await _scene.EndsAsync();
        _scene.Say("dockerd killed: all ten viewers know of the end, from the new one's start", back);
        Assert.All(ends, static end => Assert.Equal(EndReasons.SandboxLost, end.Reason));
        Assert.All(ends, static end => Assert.Contains("Run", end.Message, StringComparison.Ordinal));
        await _scene.PlaysAgainAsync(_scene.People[0]);
        _scene.Say("dockerd killed: plays again, from the new one's start", back);
        await Eventually.TrueAsync(async () =>
            await HealthAsync() == HttpStatusCode.OK, "the Executor is healthy again", FaultScene.Recovery);
    }

    private static async Task<(HttpStatusCode Status, string Sentence)> RefusalAsync(Person person)
    {
        using HttpResponseMessage answer = await person.Http.PostAsync(
            "/api/sessions", new StringContent($$"""{"projectId":"{{person.Project}}"}""", System.Text.Encoding.UTF8, "application/json"));
        JsonElement problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        return (answer.StatusCode, problem.GetProperty("detail").GetString() ?? "");
    }

    private async Task<HttpStatusCode> HealthAsync()
    {
        using HttpClient client = new();
        using HttpResponseMessage answer = await client.GetAsync(new Uri(_scene.System.ExecutorAddress, "/api/health"));
        return answer.StatusCode;
    }

    private async Task<IReadOnlyList<string>> ContainersAsync(string identity)
    {
        using DockerClient client = _docker.Client();
        // Only this test's Executor uses this daemon, so every container counts as left over.
        return [.. (await client.Containers.ListContainersAsync(new ContainersListParameters { All = true }))
            .Select(container => $"{container.ID[..12]} {container.State} ({identity})")];
    }
}
