using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Runtime;

/// <summary>Mistakes point at the learner's own lines, and every end has its name.</summary>
public sealed class ErrorTests
{
    [Theory]
    [InlineData(SandboxKind.Process)]
    [InlineData(SandboxKind.Docker)]
    public async Task An_exception_points_at_the_line(SandboxKind kind)
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            pygame.init()

            def update(speed):
                return 10 / speed

            print("before")
            update(0)
            """,
            kind);
        ErrorReport error = await host.ErrorAsync();
        Assert.Equal(("ZeroDivisionError", "division by zero", "main.py", 5), (error.Type, error.Message, error.File, error.Line));
        Assert.Equal(12, error.Column);
        Assert.Equal(["<module>", "update"], error.Frames.Select(f => f.Function));
        Assert.Equal([8, 5], error.Frames.Select(f => f.Line));
        Assert.Equal("return 10 / speed", error.Frames[1].Source);
        Assert.StartsWith("Traceback (most recent call last):\n  File \"main.py\", line 8, in <module>\n    update(0)\n", error.Text, StringComparison.Ordinal);
        Assert.EndsWith("ZeroDivisionError: division by zero\n", error.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("pixel_runtime", error.Text, StringComparison.Ordinal);
        SessionEnded end = await host.EndAsync();
        Assert.Equal((EndReasons.Crashed, 1), (end.Reason, end.ExitCode));
        // The printed text came first.
        Assert.Equal([MessageType.Console, MessageType.Error, MessageType.Ended], host.Order().Where(t => t is MessageType.Console or MessageType.Error or MessageType.Ended));
    }

    [Fact]
    public async Task Only_the_learners_files_are_in_the_traceback()
    {
        await using LinkHost host = await LinkHost.StartAsync();
        await host.StartGameAsync(new Dictionary<string, string>
        {
            ["main.py"] = "from game.world import World\n\nWorld().run()\n",
            ["game/__init__.py"] = "",
            ["game/world.py"] =
                """
                import json

                class World:
                    def run(self):
                        try:
                            json.loads("{")
                        except ValueError as e:
                            raise RuntimeError("bad level") from e
                """,
        });
        ErrorReport error = await host.ErrorAsync();
        Assert.Equal(("RuntimeError", "bad level", "game/world.py", 8), (error.Type, error.Message, error.File, error.Line));
        Assert.Equal(["main.py", "game/world.py"], error.Frames.Select(f => f.File));
        Assert.Contains("direct cause", error.Text, StringComparison.Ordinal);
        Assert.Contains("JSONDecodeError", error.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("json/decoder.py", error.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("main.py", 2, "x = 1\nif x = 2:\n    pass\n", null)]
    [InlineData("other.py", 3, "import other\n", "a = 1\n\ndef f(:\n    pass\n")]
    [InlineData("main.py", 2, "if True:\nprint(1)\n", null)]
    public async Task Syntax_errors_point_at_line_and_column(string file, int line, string main, string? other)
    {
        await using LinkHost host = await LinkHost.StartAsync();
        Dictionary<string, string> files = new() { ["main.py"] = main };
        if (other is not null)
        {
            files["other.py"] = other;
        }

        await host.StartGameAsync(files);
        ErrorReport error = await host.ErrorAsync();
        Assert.Equal((file, line), (error.File, error.Line));
        Assert.True(error.Column > 0);
        Assert.Contains(error.Type, (string[])["SyntaxError", "IndentationError"]);
        Assert.Contains($"File \"{file}\", line {line}", error.Text, StringComparison.Ordinal);
        Assert.Equal(EndReasons.Crashed, (await host.EndAsync()).Reason);
    }

    [Fact]
    public async Task An_exception_in_a_thread_is_reported_and_the_game_goes_on()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import threading
            def work():
                raise KeyError("spam")
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
            print("still here")
            """);
        Assert.Equal(EndReasons.Finished, (await host.EndAsync()).Reason);
        ErrorReport error = await host.ErrorAsync();
        Assert.Equal(("KeyError", "main.py", 3), (error.Type, error.File, error.Line));
        Assert.Contains("still here", host.Console, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("import sys; sys.exit()", EndReasons.Finished, 0)]
    [InlineData("import sys; sys.exit(3)", EndReasons.Finished, 3)]
    [InlineData("raise SystemExit('bye')", EndReasons.Finished, 1)]
    [InlineData("quit()", EndReasons.Finished, 0)]
    [InlineData("import os; os._exit(5)", EndReasons.Finished, 5)]
    [InlineData("x = [0]", EndReasons.Finished, 0)]
    [InlineData("raise MemoryError", EndReasons.MemoryLimit, 1)]
    [InlineData("raise OSError(28, 'No space left on device')", EndReasons.DiskLimit, 1)]
    [InlineData("raise RuntimeError(\"can't start new thread\")", EndReasons.ProcessLimit, 1)]
    [InlineData("import os; os.fork", EndReasons.Finished, 0)]
    [InlineData("import ctypes; ctypes.string_at(0)", EndReasons.Crashed, null)]
    [InlineData("import os; os.abort()", EndReasons.Crashed, null)]
    [InlineData("import os; os.kill(os.getpid(), 9)", EndReasons.SandboxLost, null)]
    [InlineData("raise KeyboardInterrupt", EndReasons.Crashed, 1)]
    [InlineData("def f(): f()\nf()", EndReasons.Crashed, 1)]
    [InlineData("open('main.py', 'wb').write(b'\\0'); raise ValueError", EndReasons.Crashed, 1)]
    public async Task Every_end_has_its_name(string program, string reason, int? exitCode)
    {
        await using LinkHost host = await LinkHost.RunAsync(program + "\n");
        SessionEnded end = await host.EndAsync();
        Assert.Equal((reason, exitCode), (end.Reason, end.ExitCode));
        Assert.NotEmpty(end.Message);
        Assert.Equal(MessageType.Ended, host.Order()[^1]);
        if (program.Contains("bye", StringComparison.Ordinal))
        {
            Assert.Contains("bye", host.Console, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("game.py", "import missing_module\n", "ModuleNotFoundError")]
    [InlineData("nothing.py", null, "FileNotFoundError")]
    [InlineData("latin.py", "# -*- coding: ascii -*-\nx = 'ä'\n", "SyntaxError")]
    [InlineData("zero.py", "x = 1\0\n", null)]
    public async Task Other_programs_that_cannot_run_are_explained(string entry, string? program, string? type)
    {
        await using LinkHost host = await LinkHost.StartAsync();
        Dictionary<string, string> files = program is null ? [] : new() { [entry] = program };
        await host.StartGameAsync(files, entry);
        ErrorReport error = await host.ErrorAsync();
        Assert.True(type is null || error.Type == type, error.Type);
        Assert.NotEmpty(error.Message);
        Assert.Equal(EndReasons.Crashed, (await host.EndAsync()).Reason);
    }

    [Fact]
    public async Task What_breaks_after_stop_is_only_a_line_in_the_console()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            pygame.init()
            screen = pygame.display.set_mode((50, 50))
            running = True
            while running:
                for event in pygame.event.get():
                    if event.type == pygame.QUIT:
                        pygame.quit()
                pygame.display.flip()
            """);
        await host.PictureAsync(_ => true, "a frame");
        await host.StopAsync();
        Assert.Equal(EndReasons.Stopped, (await host.EndAsync()).Reason);
        Assert.Empty(host.Messages(MessageType.Error));
        Assert.Contains("video system not initialized", host.Console, StringComparison.Ordinal);
    }
}
