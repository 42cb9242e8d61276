using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Docker;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.ServiceDefaults;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>Tests that no answer of a daemon, however strange, ends the background work.</summary>
public sealed class DockerReaperTests
{
    [Theory]
    [InlineData(200, "this is no JSON")]
    [InlineData(200, "{\"an\":\"object\"}")]
    [InlineData(500, "{\"message\":\"broken\"}")]
    public async Task The_reaper_survives_an_answer_that_nobody_foresaw_and_is_named_until_it_works_again(int status, string body)
    {
        string answer = body;
        int code = status, asked = 0;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using WebApplication daemon = builder.Build();
        daemon.MapFallback(async context =>
        {
            context.Response.StatusCode = Volatile.Read(ref code);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(Volatile.Read(ref answer));
            Interlocked.Increment(ref asked);
        });
        await daemon.StartAsync();

        using TestDirectory directory = new();
        FakeTimeProvider clock = new();
        BackgroundWork work = new(clock, NullLogger<BackgroundWork>.Instance);
        ExecutorOptions options = new()
        {
            ForceDocker = true,
            ServiceKey = [],
            LinkDirectory = directory.Path,
            ContentRoot = directory.Path,
            Identity = "test",
            DockerEndpoint = new Uri(daemon.Services.GetRequiredService<IServer>()
                .Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
        };
        using DockerConnection docker = new(options);
        using DockerReaper reaper =
            new(docker, new SandboxLabels(options), new SandboxRegistry(), work, clock, NullLogger<DockerReaper>.Instance);
        await reaper.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(10));
                return work.Problems() is [var problem] && problem.Contains("docker-reaper", StringComparison.Ordinal)
                    && Volatile.Read(ref asked) > 1;
            },
            "it goes on asking and is named");

        Volatile.Write(ref code, StatusCodes.Status200OK);
        Volatile.Write(ref answer, "[]");
        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(10));
                return work.Problems().Count == 0;
            },
            "it works again");
        await reaper.StopAsync(CancellationToken.None);
    }
}
