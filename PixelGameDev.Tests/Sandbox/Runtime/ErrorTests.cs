using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Runtime;

/// <summary>Tests that errors point at the learner's own lines, and that every end has its name.</summary>
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
        Assert.StartsWith("Traceback (most recent call last):\n  File \"main.py\", line 8, in <module>\n    update(0)\n", error.Text,
            StringComparison.Ordinal);
        Assert.EndsWith("ZeroDivisionError: division by zero\n", error.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("pixel_runtime", error.Text, StringComparison.Ordinal);
        SessionEnded end = await host.EndAsync();
        Assert.Equal((EndReasons.Crashed, 1), (end.Reason, end.ExitCode));
        // The printed text comes first.
        Assert.Equal([MessageType.Console, MessageType.Error, MessageType.Ended], host.Order()
            .Where(t => t is MessageType.Console or MessageType.Error or MessageType.Ended));
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

    [Theory]
    // A picture in base64, a level in one line, a line full of characters that JSON escapes, and lines of non-ASCII characters.
    [InlineData("A", 80_000)]
    [InlineData("'", 75_000)]
    [InlineData("<+&", 25_000)]
    [InlineData("é", 40_000)]
    [InlineData("😀", 20_000)]
    public async Task A_mistake_in_a_very_long_line_is_explained_and_ends_the_session_as_a_crash(string piece, int times)
    {
        string text = string.Concat(Enumerable.Repeat(piece, times));
        await using LinkHost host = await LinkHost.RunAsync($"x = 0\nlevel = \"{text}\" + (1 / x)\n");
        ErrorReport error = await host.ErrorAsync();
        Assert.Equal(("ZeroDivisionError", "main.py", 2), (error.Type, error.File, error.Line));
        // The column counts in the whole line, however little of it the report shows.
        Assert.Equal("level = \"".Length + new System.Globalization.StringInfo(text).LengthInTextElements + "\" + (".Length + 1,
            error.Column);
        string source = Assert.Single(error.Frames).Source ?? "";
        Assert.InRange(source.Length, 100, 1000);
        Assert.EndsWith("\" + (1 / x)", source, StringComparison.Ordinal);
        Assert.EndsWith("ZeroDivisionError: division by zero\n", error.Text, StringComparison.Ordinal);
        Assert.Contains("line 2", error.Text, StringComparison.Ordinal);
        Assert.Equal(EndReasons.Crashed, (await host.EndAsync()).Reason);
        Assert.All(host.Messages(MessageType.Error), static message => Assert.InRange(message.Length, 3, MessageRules.MaxJsonBytes));
    }

    [Fact]
    public async Task A_report_that_cannot_be_short_is_replaced_by_a_smaller_one()
    {
        // Thirty frames with names and lines of non-Latin letters, and a long message. As ASCII JSON they exceed a packet.
        await using LinkHost host = await LinkHost.RunAsync(
            """
            def 𝐟_NAME_(n):
                if n == 0: raise ValueError("😀" * 5000)
                𝐟_NAME_(n - 1) # LINE
            𝐟_NAME_(40)
            """.Replace("_NAME_", "_" + new string('é', 80), StringComparison.Ordinal).Replace("LINE", string.Concat(Enumerable.Repeat("😀", 380)), StringComparison.Ordinal));
        ErrorReport error = await host.ErrorAsync();
        Assert.Equal(("ValueError", "main.py", 2), (error.Type, error.File, error.Line));
        Assert.StartsWith("😀😀😀", error.Message, StringComparison.Ordinal);
        Assert.Equal(EndReasons.Crashed, (await host.EndAsync()).Reason);
    }

    [Fact]
    public async Task A_forged_report_of_any_size_breaks_no_rule()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import json, socket
            control = socket.socket(fileno=3)
            for text in ("😀" * 30_000, "\u0001" * 20_000, "\u2028" * 40_000):
                report = {"type": "E", "message": "m", "frames": [], "text": text}
                control.send(b"E" + json.dumps(report, ensure_ascii=False).encode()[:128_000])
            """);
        Assert.Equal(EndReasons.Finished, (await host.EndAsync()).Reason);
        Assert.NotEmpty(host.Messages(MessageType.Error));
        Assert.All(host.Messages(MessageType.Error), static message => Assert.InRange(message.Length, 3, MessageRules.MaxJsonBytes));
    }

    [Theory]
    [InlineData("raise ValueError('bad \\ud800')", "ValueError", "bad ?", 1)]
    [InlineData("assert 0, '\\ud83d'", "AssertionError", "?", 1)]
    [InlineData(
        "from threading import Thread\nt = Thread(target=int, args=['\\udfff'])\nt.start()\nt.join()", "ValueError", "base 10", null)]
    [InlineData("raise SyntaxError('odd', ('main.py', 2**40, 'x', 'text'))", "SyntaxError", "odd", null)]
    [InlineData(
        "class Odd(str):\n    def __getitem__(self, key): raise KeyError\nraise ValueError(Odd('still said'))",
        "ValueError", "still said", 3)]
    public async Task Odd_text_and_odd_lines_are_reported_all_the_same(string program, string type, string message, int? line)
    {
        await using LinkHost host = await LinkHost.RunAsync(program);
        ErrorReport error = await host.ErrorAsync();
        Assert.Equal((type, line), (error.Type, error.Line));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forged_report_with_holes_is_not_passed_on()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import json, socket
            control = socket.socket(fileno=3)
            whole = {"type": "E", "message": "m", "frames": [], "text": "t"}
            holes = [{"frames": [None]}, {"type": None}, {"message": None}, {"frames": [{"line": 1}]}]
            for change in holes + [{"message": "whole"}]:
                control.send(b"E" + json.dumps(whole | change).encode())
            """);
        Assert.Equal(EndReasons.Finished, (await host.EndAsync()).Reason);
        Assert.Equal("whole", (await host.ErrorAsync()).Message);
        Assert.Single(host.Messages(MessageType.Error));
    }

    [Fact]
    public async Task A_project_that_does_not_fit_ends_by_its_name()
    {
        await using LinkHost host = await LinkHost.StartAsync();
        // A full disk: writing there always fails with "no space left".
        File.CreateSymbolicLink(Path.Combine(host.Work, "big.png"), "/dev/full");
        await host.StartGameAsync(new Dictionary<string, string> { ["big.png"] = "picture", ["main.py"] = "print('ran')" });
        SessionEnded end = await host.EndAsync();
        Assert.Equal((EndReasons.DiskLimit, "Your project does not fit: its files need more room than a game has."),
            (end.Reason, end.Message));
        Assert.Equal("", host.Console);
    }
}
