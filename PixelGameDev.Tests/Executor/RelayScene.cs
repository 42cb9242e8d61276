using System.Net.WebSockets;
using System.Text;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>Provides an Executor whose sandboxes the test plays.</summary>
public abstract class RelayScene(RelayScene.Fixture fixture) : IClassFixture<RelayScene.Fixture>
{
    private protected const int MaxWatchers = 6;

    private protected readonly ScriptedSandboxFactory _sandboxes = fixture.Sandboxes;
    private protected readonly ExecutorHost _host = fixture.Host;

    /// <summary>Runs one Executor for all tests: an attack on one session must not matter to the others.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        internal ScriptedSandboxFactory Sandboxes { get; } = new();

        internal ExecutorHost Host { get; private set; } = null!;

        public async Task InitializeAsync() => Host = await ExecutorHost.StartScriptedAsync(Sandboxes, new()
        {
            ["MAX_CONCURRENT_SESSIONS"] = "1000",
            ["MAX_WATCHERS"] = $"{MaxWatchers}",
            ["MAX_SESSION_TIME"] = "3600",
            ["SESSION_IDLE_TIME"] = "3600",
        });

        public async Task DisposeAsync() => await Host.DisposeAsync();
    }

    private protected static async Task FloodAsync(ScriptedSandbox sandbox, byte[] bytes)
    {
        try
        {
            await sandbox.SayRawAsync(bytes);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The Executor closed the link in the middle, as it should.
        }
    }

    private protected static uint FrameNumber(byte[] frame) => BitConverter.ToUInt32(frame, 6);

    private protected static (int Count, int Fps) Viewers(ScriptedSandbox sandbox) =>
        sandbox.Of(MessageType.Viewers).LastOrDefault() is { } last ? (BitConverter.ToUInt16(last, 1), last[3]) : (-1, -1);

    private protected async Task<(Guid Id, ScriptedSandbox Sandbox)> StartAsync()
    {
        string marker = "# " + Guid.NewGuid();
        SessionInfo info = await _host.RunAsync(ExecutorHost.Request(marker));
        ScriptedSandbox sandbox = await _sandboxes.OfSessionAsync(marker);
        await sandbox.SayRunningAsync();
        return (info.SessionId, sandbox);
    }
}
