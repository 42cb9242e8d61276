using System.Diagnostics;
using System.Globalization;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Runtime;

/// <summary>Tests starting and stopping, and that nothing is left behind.</summary>
public sealed class LifeTests
{
    [Theory]
    [InlineData(SandboxKind.Process)]
    [InlineData(SandboxKind.Docker)]
    public async Task A_game_that_does_not_listen_is_killed_after_its_grace(SandboxKind kind)
    {
        await using LinkHost host = await LinkHost.RunAsync("print('loop')\nwhile True:\n    pass\n", kind);
        await host.ConsoleAsync("loop");
        long before = Stopwatch.GetTimestamp();
        await host.StopAsync(graceMillis: 300);
        SessionEnded end = await host.EndAsync();
        Assert.Equal(EndReasons.Stopped, end.Reason);
        Assert.Contains("did not end by itself", end.Detail, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(before).TotalMilliseconds >= 300);
        Assert.Equal(0, await host.GoneAsync());
    }

    [Fact]
    public async Task Neither_signals_nor_finally_blocks_keep_a_game_alive()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import signal, threading, time
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            def again():
                while True:
                    time.sleep(0.01)
            for i in range(5):
                threading.Thread(target=again).start()
            print("ready")
            while True:
                try:
                    time.sleep(10)
                finally:
                    continue
            """);
        await host.ConsoleAsync("ready");
        await host.StopAsync(graceMillis: 100);
        Assert.Equal(EndReasons.Stopped, (await host.EndAsync()).Reason);
    }

    [Theory]
    [InlineData(SandboxKind.Process)]
    [InlineData(SandboxKind.Docker)]
    public async Task What_the_game_started_goes_with_it(SandboxKind kind)
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import os, subprocess, sys
            children = [subprocess.Popen(["sleep", "300"], start_new_session=True)]
            read, write = os.pipe()
            if os.fork() == 0:
                if os.fork() == 0:
                    os.setsid()
                    os.write(write, str(os.getpid()).encode())
                    os.execvp("sleep", ["sleep", "300"])
                os._exit(0)
            os.wait()
            print("pids", children[0].pid, os.read(read, 20).decode())
            """,
            kind);
        Assert.Equal(EndReasons.Finished, (await host.EndAsync()).Reason);
        string[] words = host.Console.Trim().Split(' ');
        Assert.Equal("pids", words[0]);
        if (kind == SandboxKind.Process)
        {
            foreach (string pid in words[1..])
            {
                Assert.False(Directory.Exists("/proc/" + pid), $"{pid} is still there");
            }
        }
    }

    [Fact]
    public async Task A_fork_of_the_game_is_not_the_game()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import multiprocessing, os, sys
            def work(n):
                return n * n
            with multiprocessing.get_context("fork").Pool(2) as pool:
                print(pool.map(work, [1, 2, 3]))
            if os.fork() == 0:
                raise ValueError("in the child")
            os.wait()
            print("parent")
            """);
        Assert.Equal(EndReasons.Finished, (await host.EndAsync()).Reason);
        Assert.Empty(host.Messages(MessageType.Error));
        Assert.Contains("[1, 4, 9]", host.Console, StringComparison.Ordinal);
        Assert.Contains("ValueError: in the child", host.Console, StringComparison.Ordinal);
        Assert.Contains("parent", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Threads_outlive_the_main_program_as_they_always_do()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import threading, time, atexit
            atexit.register(lambda: print("atexit"))
            threading.Timer(0.3, lambda: print("thread")).start()
            print("main")
            """);
        Assert.Equal(EndReasons.Finished, (await host.EndAsync()).Reason);
        Assert.Equal("main\nthread\natexit\n", host.Console);
    }

    [Fact]
    public async Task A_session_stopped_before_it_began_ends_as_stopped()
    {
        await using LinkHost host = await LinkHost.StartAsync();
        await host.StopAsync();
        Assert.Equal(EndReasons.Stopped, (await host.EndAsync()).Reason);
    }

    [Fact]
    public async Task When_the_link_goes_everything_goes()
    {
        LinkHost host = await LinkHost.RunAsync("import os\nprint('pid', os.getpid(), flush=True)\nwhile True:\n    pass\n");
        await host.ConsoleAsync("\n");
        int pid = int.Parse(host.Console.Trim().Split(' ')[1], CultureInfo.InvariantCulture);
        Assert.True(Directory.Exists($"/proc/{pid}"));
        host.CutLink();
        Assert.Equal(1, await host.GoneAsync());
        // GameHost kills the game when it ends. The entry in /proc stays until the machine's first process has reaped it.
        await Eventually.TrueAsync(() => !Directory.Exists($"/proc/{pid}"), "the game's process is gone");
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Python_without_pygame_is_a_lost_sandbox_not_a_hang()
    {
        using TestDirectory directory = new();
        string fake = directory.Sub("python");
        await File.WriteAllTextAsync(fake, "#!/bin/sh\necho 'No module named pygame' >&2\nexit 1\n");
        File.SetUnixFileMode(fake, (UnixFileMode)0b111_101_101);
        await using LinkHost host = await LinkHost.StartAsync(python: fake, hello: false);
        SessionEnded end = await host.EndAsync();
        Assert.Equal(EndReasons.SandboxLost, end.Reason);
        Assert.Contains("No module named pygame", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sigterm_stops_the_game()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            pygame.init()
            pygame.display.set_mode((20, 20))
            print("ready")
            while pygame.event.wait().type != pygame.QUIT:
                pass
            print("quit seen")
            """);
        await host.ConsoleAsync("ready");
        using (Process kill = Process.Start("kill", ["-TERM", host.ProcessId.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        SessionEnded end = await host.EndAsync();
        Assert.Equal((EndReasons.Stopped, 0), (end.Reason, end.ExitCode));
        Assert.Contains("quit seen", host.Console, StringComparison.Ordinal);
    }

    /// <summary>
    /// Tests GameHost as process 1 of a container: it ignores every signal but SIGTERM, and the game cannot open its descriptors.
    /// </summary>
    [Fact]
    public async Task The_game_can_neither_signal_nor_open_gamehost()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import os, signal, time
            for number in range(1, signal.NSIG):
                if number not in (signal.SIGTERM,):
                    try:
                        os.kill(1, number)
                    except OSError:
                        pass
            for path in ("/proc/1/fd", "/proc/1/mem", "/proc/1/environ", "/proc/1/maps", "/proc/1/root"):
                try:
                    os.listdir(path) if path.endswith(("fd", "root")) else open(path, "rb").read(1)
                    print("opened", path)
                except OSError as e:
                    print("refused", path)
            time.sleep(0.2)
            print("alive", os.getppid())
            """,
            SandboxKind.Docker);
        SessionEnded end = await host.EndAsync();
        Assert.Equal(EndReasons.Finished, end.Reason);
        Assert.DoesNotContain("opened", host.Console, StringComparison.Ordinal);
        Assert.Contains("alive 1\n", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_much_memory_ends_by_name_in_a_container()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            hog = []
            while True:
                hog.append(bytearray(4 * 1024 * 1024))
            """,
            SandboxKind.Docker);
        Assert.Equal(EndReasons.MemoryLimit, (await host.EndAsync()).Reason);
    }

    [Theory]
    [InlineData("open('big', 'wb').write(bytes(100 * 1024 * 1024))", EndReasons.DiskLimit)]
    [InlineData("import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
        EndReasons.ProcessLimit)]
    public async Task Other_limits_of_a_container_end_by_name(string program, string reason)
    {
        await using LinkHost host = await LinkHost.RunAsync(program + "\n", SandboxKind.Docker);
        Assert.Equal(reason, (await host.EndAsync()).Reason);
    }
}
