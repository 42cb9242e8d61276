using System.Diagnostics;
using System.Globalization;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Runtime;

/// <summary>Starting, stopping, and leaving nothing behind.</summary>
public sealed class LifeTests
{
    [Theory]
    [InlineData(SandboxKind.Process)]
    [InlineData(SandboxKind.Docker)]
    public async Task Packages_assets_and_files_of_its_own_work_by_relative_path(SandboxKind kind)
    {
        await using LinkHost host = await LinkHost.StartAsync(kind);
        // A 2×1 picture: red, green.
        byte[] bmp =
        [
            0x42, 0x4D, 0x3E, 0, 0, 0, 0, 0, 0, 0, 0x36, 0, 0, 0, 0x28, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, 0, 0, 0,
            0, 8, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0, 255, 0, 0, 0,
        ];
        await host.StartGameAsync(new Dictionary<string, byte[]>
        {
            ["main.py"] = """
                import os, sys, pickle
                import pygame
                from helpers import tools
                from helpers.deep.most import ANSWER
                class Thing: pass
                assert __name__ == "__main__" and sys.modules["__main__"].Thing is Thing
                pickle.loads(pickle.dumps(Thing()))
                assert sys.path[0] == os.getcwd(), sys.path
                assert os.path.samefile(os.path.dirname(__file__), os.getcwd())
                assert sys.argv == ["main.py"]
                screen = pygame.display.set_mode((20, 10))
                screen.blit(pygame.image.load("images/two.bmp"), (3, 4))
                os.makedirs("saves/a", exist_ok=True)
                with open("saves/a/score.txt", "w") as file:
                    file.write("42")
                print(tools.read("saves/a/score.txt"), ANSWER, os.path.exists("__pycache__"))
                pygame.display.flip()
                """u8.ToArray(),
            ["helpers/__init__.py"] = [],
            ["helpers/tools.py"] = "def read(path):\n    return open(path).read()\n"u8.ToArray(),
            ["helpers/deep/__init__.py"] = [],
            ["helpers/deep/most.py"] = "from .. import tools\nANSWER = tools.__name__\n"u8.ToArray(),
            ["images/two.bmp"] = bmp,
        });
        SessionEnded end = await host.EndAsync();
        Assert.True(end.Reason == EndReasons.Finished,
            host.Console + string.Join('\n', host.Messages(MessageType.Error).Select(m => System.Text.Encoding.UTF8.GetString(m))));
        Assert.Equal("42 helpers.tools False\n", host.Console);
        Assert.Equal((0xFF0000, 0x00FF00), (host.Picture![3, 4], host.Picture[4, 4]));
    }

    [Fact]
    public async Task What_a_waiting_sandbox_has_imported_does_not_hide_a_module_of_the_game()
    {
        using TestDirectory directory = new();
        ProcessStartInfo start = new("/usr/bin/python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-B");
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(
            """
            import sys
            runtime, work = sys.argv[1:]
            sys.path.insert(0, runtime)
            import pygame, pygame.sysfont
            from pixel_runtime import control, idle
            # No game comes.
            control.wait = lambda milliseconds: False
            idle.warm_up(pygame)
            print(all(name in sys.modules for name in idle._MODULES), len(pygame.sysfont.Sysfonts) > 0)
            name, other = [name for name in idle._MODULES if name in idle._brought][:2]
            open(f"{work}/{name}.py", "w").write("mine = True")
            sys.path.insert(0, work)
            idle.leave_to(work)
            print(__import__(name).mine, other in sys.modules)
            """);
        start.ArgumentList.Add(Path.Combine(GameHostBinary.Repository, "PixelGameDev.GameHost", "runtime"));
        start.ArgumentList.Add(directory.Path);
        using Process python = Process.Start(start)!;
        Task<string> errors = python.StandardError.ReadToEndAsync();
        string output = await python.StandardOutput.ReadToEndAsync();
        Assert.True(output.EndsWith("True True\nTrue True\n", StringComparison.Ordinal), output + await errors);
    }

    [Fact]
    public async Task An_entry_in_a_folder_finds_modules_beside_it_and_in_the_project()
    {
        await using LinkHost host = await LinkHost.StartAsync();
        await host.StartGameAsync(
            new Dictionary<string, string>
            {
                ["src/game.py"] = "import beside, above\nprint(beside.X, above.X, open('data.txt').read())\n",
                ["src/beside.py"] = "X = 1\n",
                ["above.py"] = "X = 2\n",
                ["data.txt"] = "3",
            },
            "src/game.py");
        await host.EndAsync();
        Assert.Equal("1 2 3\n", host.Console);
    }

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
        // GameHost kills on its way out; the entry in /proc stays until the machine's first process has reaped it.
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

    /// <summary>Process 1 of a container is deaf to everything but SIGTERM, and its descriptors cannot be opened.</summary>
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
