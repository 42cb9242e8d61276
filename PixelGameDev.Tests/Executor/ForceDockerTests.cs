using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using PixelGameDev.Benchmarks.Network;
using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Docker;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Executor.Subprocess;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>
/// Tests <c>FORCE_DOCKER_EXECUTION</c>: the Executor uses Docker or nothing, at the start, when the daemon dies, and when it comes back.
/// </summary>
[Collection(DockerCollection.Name)]
public sealed class ForceDockerTests
{
    private static readonly Dictionary<string, string?> Forced = new() { ["FORCE_DOCKER_EXECUTION"] = "true" };

    [Fact]
    public async Task Without_a_daemon_the_executor_does_not_start_and_says_so_in_the_words_of_the_contract()
    {
        SettingsException refused = await Assert.ThrowsAsync<SettingsException>(
            () => ExecutorHost.StartAsync(new(Forced) { ["DOCKER_HOST"] = "unix:///nonexistent/docker.sock" }));
        Assert.StartsWith("PRODUCTION MODE: Docker execution required but unavailable", refused.Message, StringComparison.Ordinal);
        Assert.Contains("/nonexistent/docker.sock", refused.Message, StringComparison.Ordinal);
        Assert.Contains("What to do", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_process_exits_with_a_non_zero_code_and_the_words_on_standard_error()
    {
        using System.Diagnostics.Process process = ExecutorProcess.Start(new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["EXECUTOR_SECRET_KEY"] = ExecutorHost.Secret,
            ["DOCKER_HOST"] = "unix:///nonexistent/docker.sock",
        });
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.NotEqual(0, process.ExitCode);
        Assert.Contains("PRODUCTION MODE: Docker execution required but unavailable", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bubblewrap")]
    [InlineData("subprocess")]
    public async Task No_other_kind_can_be_constructed_by_any_way_there_is(string kind)
    {
        using TestDirectory directory = new();
        // Another kind of sandbox by name: the Executor refuses before it creates anything.
        SettingsException refused =
            Assert.Throws<SettingsException>(() => ExecutorHost.Build(directory, new(Forced) { ["SANDBOX_KIND"] = kind }));
        Assert.Contains("SANDBOX_KIND", refused.Message, StringComparison.Ordinal);

        // Directly, without the selector: the factory itself refuses.
        await using WebApplication app = ExecutorHost.Build(directory, Forced);
        ExecutorOptions options = app.Services.GetRequiredService<ExecutorOptions>();
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            SubprocessSandboxFactory.CreateAsync(options, app.Services, CancellationToken.None));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => SubprocessSandboxFactory.CreateAsync(options with { SandboxKind = kind }, app.Services, CancellationToken.None));

        // There is no third factory that this test does not know.
        Type[] factories = [.. typeof(ISandboxFactory).Assembly.GetTypes()
            .Where(static type => type.IsClass && typeof(ISandboxFactory).IsAssignableFrom(type))];
        Assert.Equal([typeof(DockerSandboxFactory), typeof(SubprocessSandboxFactory)],
            factories.OrderBy(static type => type.Name, StringComparer.Ordinal));
        Assert.All(typeof(SubprocessSandboxFactory).GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance),
            static made => Assert.True(made.IsPrivate));
    }

    [Fact]
    public async Task When_the_daemon_dies_sessions_are_refused_health_says_why_and_all_comes_back_by_itself()
    {
        using TestDirectory directory = new();
        string socket = directory.Sub("docker.sock");
        Relay daemon = NewRelay();
        await using ExecutorHost host = await ExecutorHost.StartRealAsync(new(Forced) { ["DOCKER_HOST"] = "unix://" + socket });
        Assert.Equal(SandboxKinds.Docker, (await host.RunAsync(ExecutorHost.Request("print('before')"))).Sandbox);

        // Nothing listens there any more.
        await daemon.DisposeAsync();
        await Eventually.TrueAsync(async () => (await HealthAsync(host)).Status == HttpStatusCode.ServiceUnavailable, "health notices");
        JsonElement sick = (await HealthAsync(host)).Document;
        Assert.Equal("unhealthy", sick.GetProperty("status").GetString());
        Assert.False(sick.GetProperty("checks").GetProperty("docker_daemon").GetBoolean());
        Assert.Contains("Docker is required", sick.GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);
        using HttpResponseMessage refused = await host.PostAsync(ExecutorHost.Request("print('without')"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.IsType<DockerSandboxFactory>(host.Get<ISandboxFactory>());

        await using Relay again = NewRelay();
        await Eventually.TrueAsync(async () => (await HealthAsync(host)).Status == HttpStatusCode.OK, "health recovers");
        Assert.Equal(SandboxKinds.Docker, (await host.RunAsync(ExecutorHost.Request("print('after')"))).Sandbox);

        // The Executor needs the daemon to remove its sandboxes, so it ends before the relay.
        await host.StopAsync();

        Relay NewRelay() => new(new UnixDomainSocketEndPoint(DockerCollection.SocketPath), new UnixDomainSocketEndPoint(socket));
    }

    private static async Task<(HttpStatusCode Status, JsonElement Document)> HealthAsync(ExecutorHost host)
    {
        using HttpResponseMessage answer = await host.Client.GetAsync("/api/health");
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }
}
