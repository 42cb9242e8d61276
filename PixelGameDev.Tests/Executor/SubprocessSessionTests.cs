using System.Text.Json;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>Tests the subprocess sandboxes of development, which are weaker and say so.</summary>
public sealed class SubprocessSessionTests
{
    [Theory]
    [InlineData("bubblewrap")]
    [InlineData("subprocess")]
    public async Task A_game_runs_under_another_user_and_leaves_nothing(string kind)
    {
        await using ExecutorHost host = await ExecutorHost.StartRealAsync(new() { ["SANDBOX_KIND"] = kind, ["SANDBOX_WARM"] = "1" });
        SessionInfo session = await host.RunAsync(ExecutorHost.Request("""
            import json, os, subprocess, sys, pygame
            pygame.init(); screen = pygame.display.set_mode((200, 100)); pygame.display.flip()
            # Something that forks twice to outlive its session.
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    import time
                    while True: time.sleep(1)
                os._exit(0)
            os.wait()
            open("save.txt", "w").write("here")
            print("FACTS" + json.dumps({
                "uid": os.getuid(), "root": sorted(os.listdir("/")), "interfaces": sorted(os.listdir("/sys/class/net")) if os.path.isdir("/sys/class/net") else [],
                "processes": len([name for name in os.listdir("/proc") if name.isdigit()]), "cwd": os.getcwd(), "environment": sorted(os.environ),
            }) + "END")
            while True:
                pygame.event.wait()
            """));
        Assert.Equal(kind, session.Sandbox);
        await using TestViewer viewer = await TestViewer.ConnectAsync(host, session.SessionId);
        string text = await viewer.ConsoleUntilAsync("END");
        JsonElement facts = JsonDocument.Parse(
            text[(text.IndexOf("FACTS", StringComparison.Ordinal) + 5)..text.LastIndexOf("END", StringComparison.Ordinal)]).RootElement;
        int user = facts.GetProperty("uid").GetInt32();
        Assert.NotEqual(0, user);
        Assert.DoesNotContain(facts.GetProperty("environment").EnumerateArray(), static name =>
            name.GetString()!.Contains("SECRET", StringComparison.Ordinal));
        if (kind == SandboxKinds.Bubblewrap)
        {
            string[] root = [.. facts.GetProperty("root").EnumerateArray().Select(static name => name.GetString()!)];
            Assert.DoesNotContain("root", root);
            Assert.DoesNotContain("home", root);
            Assert.InRange(facts.GetProperty("processes").GetInt32(), 1, 10);
            Assert.DoesNotContain("eth0", facts.GetProperty("interfaces").EnumerateArray().Select(static name => name.GetString()));
        }

        if (!viewer.Messages.Any(static message => (MessageType)message[0] == MessageType.Frame))
        {
            await viewer.UntilAsync(MessageType.Frame);
        }

        await host.SendAsync(HttpMethod.Post, $"/sessions/{session.SessionId}/stop");
        Assert.Equal(EndReasons.Stopped, (await viewer.EndAsync()).Reason);
        await host.StopAsync();
        Assert.Empty(Directory.EnumerateFileSystemEntries(host.LinkDirectory));
        if (Environment.UserName == "root")
        {
            await Eventually.TrueAsync(() => !AnyProcessOf(user), "what forked away is gone too");
        }
    }

    [Theory]
    [InlineData("bubblewrap")]
    [InlineData("subprocess")]
    public async Task Named_ends_hold_here_too(string kind)
    {
        await using ExecutorHost host = await ExecutorHost.StartRealAsync(new() { ["SANDBOX_KIND"] = kind, ["SANDBOX_WARM"] = "0" });
        SessionInfo finished = await host.RunAsync(ExecutorHost.Request("print('done')"));
        Assert.Equal(EndReasons.Finished, (await host.EndOfAsync(finished.SessionId)).EndReason);
        SessionInfo crashed = await host.RunAsync(ExecutorHost.Request("1 / 0"));
        Assert.Equal(EndReasons.Crashed, (await host.EndOfAsync(crashed.SessionId)).EndReason);
        SessionInfo hungry = await host.RunAsync(ExecutorHost.Request("hoard = []\nwhile True: hoard.append(bytearray(b'x' * (1 << 20)))"));
        Assert.Equal(EndReasons.MemoryLimit, (await host.EndOfAsync(hungry.SessionId)).EndReason);
    }

    private static bool AnyProcessOf(int user) => Directory.EnumerateDirectories("/proc").Any(path =>
    {
        try
        {
            return int.TryParse(Path.GetFileName(path), out _)
                && File.ReadLines(path + "/status").Any(line => line.StartsWith($"Uid:\t{user}\t", StringComparison.Ordinal));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
