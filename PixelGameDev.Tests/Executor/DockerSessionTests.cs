using System.Diagnostics;
using Docker.DotNet.Models;
using Microsoft.Extensions.DependencyInjection;
using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Docker;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Pool;
using PixelGameDev.Streaming.Codec;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>Tests real games in real containers through the whole Executor.</summary>
public sealed class DockerSessionTests
{
    private const string Square = """
        import pygame
        pygame.init()
        screen = pygame.display.set_mode((320, 240))
        pygame.display.set_caption("Square")
        clock = pygame.time.Clock()
        x = 0
        print("started")
        while True:
            for event in pygame.event.get():
                if event.type == pygame.QUIT:
                    print("bye")
                    raise SystemExit
                if event.type == pygame.KEYDOWN and event.key == pygame.K_RIGHT:
                    x += 100
            screen.fill((20, 30, 40))
            pygame.draw.rect(screen, (255, 0, 0), (x, 100, 50, 50))
            pygame.display.flip()
            clock.tick(60)
        """;

    private static readonly Dictionary<string, string?> Docker = new() { ["FORCE_DOCKER_EXECUTION"] = "true" };

    [Theory]
    [InlineData("socket")]
    [InlineData("stdio")]
    public async Task A_game_plays_and_stops_over_either_link(string link)
    {
        await using ExecutorHost host = await ExecutorHost.StartRealAsync(new(Docker) { ["SANDBOX_LINK"] = link });
        await Eventually.TrueAsync(() => host.Get<WarmPool>().Ready == 1, "a sandbox is warm");
        SessionInfo session = await host.RunAsync(ExecutorHost.Request(Square));
        Assert.Equal((SandboxKinds.Docker, true), (session.Sandbox, session.Warm));
        await using TestViewer viewer = await TestViewer.ConnectAsync(host, session.SessionId);
        using FrameDecoder screen = new();
        await UntilPixelAsync(viewer, screen, 25, 125, (255, 0, 0));

        // Right arrow: scancode 79, keycode 0x4000004F.
        await viewer.SendAsync((byte)MessageType.Key, 1, 0, 0, 0, 1, 0, 79, 0, 0, 0, 0x4F, 0, 0, 0x40);
        await UntilPixelAsync(viewer, screen, 125, 125, (255, 0, 0));
        Assert.Equal((20, 30, 40), Pixel(screen, 25, 125));

        await host.SendAsync(HttpMethod.Post, $"/sessions/{session.SessionId}/stop");
        SessionEnded ended = await viewer.EndAsync();
        Assert.Equal(EndReasons.Stopped, ended.Reason);
        Assert.Contains("bye", (await host.InfoAsync(session.SessionId)).ConsoleTail, StringComparison.Ordinal);
        await NothingIsLeftAsync(host);
    }

    [Fact]
    public async Task Each_end_of_a_real_game_has_its_name()
    {
        await using ExecutorHost host = await ExecutorHost.StartRealAsync(new(Docker)
        {
            ["SANDBOX_MEMORY"] = "96m",
            ["SANDBOX_WARM"] = "2",
            ["MAX_SESSION_TIME"] = "20",
            ["SESSION_IDLE_TIME"] = "20",
        });
        (string What, string Program, string Reason)[] games =
        [
            ("finishes", "print('done')", EndReasons.Finished),
            ("crashes", "x = 1 / 0", EndReasons.Crashed),
            ("exits", "import sys; sys.exit(3)", EndReasons.Finished),
            ("uses too much memory", "hoard = [bytearray(1 << 20)]\nwhile True: hoard.append(bytearray(b'x' * (1 << 20)))",
                EndReasons.MemoryLimit),
            ("has a child that uses too much memory", """
                import subprocess, sys
                subprocess.run([sys.executable, "-c", "hoard = []\nwhile True: hoard.append(bytearray(b'x' * (1 << 20)))"], check=True)
                """, EndReasons.MemoryLimit),
        ];
        foreach ((string what, string program, string reason) in games)
        {
            SessionInfo session = await host.RunAsync(ExecutorHost.Request(program));
            SessionInfo end = await host.EndOfAsync(session.SessionId);
            Assert.True(end.EndReason == reason, $"a game that {what}: {end}");
            Assert.False(string.IsNullOrWhiteSpace(end.EndMessage));
        }

        await NothingIsLeftAsync(host);
    }

    [Fact]
    public async Task A_container_killed_from_outside_is_a_lost_sandbox()
    {
        await using ExecutorHost host = await ExecutorHost.StartRealAsync(new(Docker) { ["SANDBOX_WARM"] = "0" });
        SessionInfo session = await host.RunAsync(ExecutorHost.Request(Square));
        await using TestViewer viewer = await TestViewer.ConnectAsync(host, session.SessionId);
        await viewer.UntilAsync(MessageType.Frame);
        ContainerListResponse container = Assert.Single(await ContainersAsync(host));
        await host.Get<DockerConnection>().Client.Containers.KillContainerAsync(container.ID, new ContainerKillParameters());
        Assert.Equal(EndReasons.SandboxLost, (await viewer.EndAsync()).Reason);
        await NothingIsLeftAsync(host);
    }

    [Fact]
    public async Task A_cold_start_is_the_fall_back_of_an_empty_pool()
    {
        await using ExecutorHost host = await ExecutorHost.StartRealAsync(new(Docker) { ["SANDBOX_WARM"] = "0" });
        SessionInfo session = await host.RunAsync(ExecutorHost.Request("print('cold')"));
        Assert.False(session.Warm);
        Assert.Equal(EndReasons.Finished, (await host.EndOfAsync(session.SessionId)).EndReason);
    }

    [Fact]
    public async Task What_a_killed_executor_leaves_is_removed_by_the_next_and_a_living_ones_is_not()
    {
        await RealSandboxes.PrepareAsync();
        using TestDirectory directory = new();
        string identity = "test-" + Guid.NewGuid().ToString("N");
        Dictionary<string, string?> settings = new(Docker)
        {
            ["EXECUTOR_ID"] = identity,
            ["SANDBOX_WARM"] = "2",
            ["SANDBOX_LINK_DIRECTORY"] = directory.Sub("l"),
            ["EXECUTOR_SECRET_KEY"] = ExecutorHost.Secret,
        };
        using Process first = ExecutorProcess.Start(new(settings)
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            // The daemon of this test run, which may be a private one.
            ["DOCKER_HOST"] = Environment.GetEnvironmentVariable("DOCKER_HOST"),
        });
        _ = first.StandardOutput.ReadToEndAsync();
        _ = first.StandardError.ReadToEndAsync();
        await using ExecutorHost second = await ExecutorHost.StartRealAsync(settings);
        await Eventually.TrueAsync(async () =>
            (await ContainersAsync(second)).Count >= 4, "both have two warm ones", TimeSpan.FromMinutes(3));
        await Eventually.TrueAsync(() => second.Get<WarmPool>().Ready == 2, "ours are warm");
        using DockerReaper reaper = ActivatorUtilities.CreateInstance<DockerReaper>(second.App.Services);
        Assert.Equal(0, await reaper.ReapAsync(CancellationToken.None));

        first.Kill();
        await first.WaitForExitAsync();
        await Eventually.TrueAsync(async () => await reaper.ReapAsync(CancellationToken.None) + (await ContainersAsync(second)).Count >= 2
            && (await ContainersAsync(second)).Count == 2, "the dead one's are gone, ours stay");
        Assert.Equal(2, second.Get<WarmPool>().Ready);
        Assert.Equal(1, LinkRoot.RemoveLeftovers(directory.Sub("l"), TimeProvider.System));
    }

    private static async Task UntilPixelAsync(TestViewer viewer, FrameDecoder screen, int x, int y, (int, int, int) colour)
    {
        do
        {
            screen.Decode(await viewer.UntilAsync(MessageType.Frame));
        }
        while (screen.Width != 320 || Pixel(screen, x, y) != colour);
    }

    private static (int R, int G, int B) Pixel(FrameDecoder screen, int x, int y)
    {
        int at = ((y * screen.Width) + x) * 4;
        return (screen.Rgba[at], screen.Rgba[at + 1], screen.Rgba[at + 2]);
    }

    private static async Task<IList<ContainerListResponse>> ContainersAsync(ExecutorHost host) =>
        await host.Get<DockerConnection>().Client.Containers.ListContainersAsync(new ContainersListParameters
        {
            All = true,
            Filters = new Dictionary<string, IDictionary<string, bool>>
            {
                ["label"] = new Dictionary<string, bool> { [$"{SandboxLabels.Executor}={host.Get<ExecutorOptions>().Identity}"] = true },
            },
        });

    /// <summary>Asserts that no containers and no directories remain after a stop.</summary>
    private static async Task NothingIsLeftAsync(ExecutorHost host)
    {
        DockerConnection docker = new(host.Get<ExecutorOptions>());
        string identity = host.Get<ExecutorOptions>().Identity;
        string links = host.LinkDirectory;
        await host.StopAsync();
        using (docker)
        {
            await Eventually.TrueAsync(
                async () => (await docker.Client.Containers.ListContainersAsync(new ContainersListParameters
                {
                    All = true,
                    Filters = new Dictionary<string, IDictionary<string, bool>>
                    {
                        ["label"] =
                        new Dictionary<string, bool> { [$"{SandboxLabels.Executor}={identity}"] = true }
                    },
                })).Count == 0,
                "no container is left");
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(links));
    }
}
