using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Runtime;

/// <summary>Tests <c>print()</c>, <c>input()</c> and everything else that uses the console.</summary>
public sealed class ConsoleTests
{
    [Theory]
    [InlineData(SandboxKind.Process)]
    [InlineData(SandboxKind.Docker)]
    public async Task Input_asks_after_what_was_printed_and_takes_the_answer(SandboxKind kind)
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            print("Welcome")
            print("no line end", end="")
            name = input("What is your name? ")
            print("Hello", name + "!")
            print(repr(input()))
            """,
            kind);
        byte[] request = await host.MessageAsync(MessageType.InputRequest);
        Assert.Equal("What is your name? ", SandboxMessages.ReadText(request, MessageType.InputRequest));
        Assert.Equal("Welcome\nno line end", host.Console);
        await host.SendAsync(SandboxMessages.Text(MessageType.ConsoleInput, "Zoë ☺"));
        await host.ConsoleAsync("Hello Zoë ☺!\n");
        await Eventually.TrueAsync(() => host.Messages(MessageType.InputRequest).Count == 2);
        await host.SendAsync(SandboxMessages.Text(MessageType.ConsoleInput, ""));
        Assert.Equal(EndReasons.Finished, (await host.EndAsync()).Reason);
        Assert.EndsWith("''\n", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_way_to_the_console_arrives()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import os, subprocess, sys, warnings
            print("error", file=sys.stderr)
            os.write(1, b"raw one\n")
            os.write(2, b"raw two\n")
            subprocess.run([sys.executable, "-c", "print('child')"])
            os.write(1, b"half \xe2\x98")
            os.write(1, b"\xba bad \xff\n")
            warnings.warn("careful")
            sys.stdout.write("no end")
            """);
        Assert.Equal(EndReasons.Finished, (await host.EndAsync()).Reason);
        foreach (string text in (string[])["error\n", "raw one\n", "raw two\n", "child\n", "half ☺ bad \uFFFD\n",
            "UserWarning: careful", "no end"])
        {
            Assert.Contains(text, host.Console, StringComparison.Ordinal);
        }

        ConsoleKind KindOf(string text) => host.Messages(MessageType.Console)
            .Select(m => SandboxMessages.ReadConsole(m)).First(m => m.Text.Contains(text, StringComparison.Ordinal)).Stream;
        Assert.Equal(ConsoleKind.Output, KindOf("raw one"));
        Assert.Equal(ConsoleKind.Error, KindOf("raw two"));
    }

    [Fact]
    public async Task Input_works_in_a_thread_and_through_sys_stdin_while_the_game_goes_on()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame, sys, threading
            pygame.init()
            screen = pygame.display.set_mode((40, 40))
            answers = []
            def ask():
                answers.append(input("first"))
                answers.append(sys.stdin.readline())
            thread = threading.Thread(target=ask, daemon=True)
            thread.start()
            clock = pygame.time.Clock()
            while thread.is_alive():
                pygame.event.get()
                screen.fill((len(answers) + 1, 0, 0))
                pygame.display.flip()
                clock.tick(60)
            print(answers)
            """);
        await host.MessageAsync(MessageType.InputRequest);
        await host.PictureAsync(p => p[0, 0] == 0x010000, "frames while a thread waits");
        await host.SendAsync(SandboxMessages.Text(MessageType.ConsoleInput, "one"));
        await host.PictureAsync(p => p[0, 0] == 0x020000, "the first answer");
        await host.SendAsync(SandboxMessages.Text(MessageType.ConsoleInput, "two"));
        await host.EndAsync();
        Assert.Contains("['one', 'two\\n']", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_game_that_waits_in_input_can_be_stopped()
    {
        await using LinkHost host = await LinkHost.RunAsync("input('wait')\n");
        await host.MessageAsync(MessageType.InputRequest);
        await host.StopAsync(graceMillis: 60_000);
        SessionEnded end = await host.EndAsync();
        Assert.Equal(EndReasons.Stopped, end.Reason);
        Assert.Empty(host.Messages(MessageType.Error));
        Assert.DoesNotContain("EOFError", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_much_output_is_dropped_with_a_note_and_the_game_goes_on()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            for i in range(200_000):
                print("line", i)
            import time
            time.sleep(1.5)
            print("the end")
            """);
        SessionEnded end = await host.EndAsync();
        Assert.Equal(EndReasons.Finished, end.Reason);
        Assert.StartsWith("line 0\nline 1\n", host.Console, StringComparison.Ordinal);
        Assert.Contains("left out", host.Console, StringComparison.Ordinal);
        Assert.EndsWith("the end\n", host.Console, StringComparison.Ordinal);
        // The game printed 2.3 MB. 64 KiB at once and 64 KiB a second may pass.
        Assert.InRange(host.Console.Length, 60_000, 1_500_000);
    }

    [Fact]
    public async Task A_flood_ends_the_session_by_name()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import os
            text = b"x" * 65536
            while True:
                os.write(1, text)
            """);
        SessionEnded end = await host.EndAsync();
        Assert.Equal(EndReasons.OutputLimit, end.Reason);
        Assert.Contains("print", end.Message, StringComparison.Ordinal);
        Assert.InRange(host.Console.Length, 1, 4_000_000);
    }

    [Fact]
    public async Task A_tighter_rate_can_be_asked_for()
    {
        await using LinkHost host = await LinkHost.StartAsync();
        await host.StartGameAsync(
            new Dictionary<string, string> { ["main.py"] = "print('y' * 60000)" },
            start: new StartMessage("main.py", ConsoleBytesPerSecond: 1000));
        await host.EndAsync();
        Assert.InRange(host.Console.Count(c => c == 'y'), 500, 20_000);
        Assert.Contains("left out", host.Console, StringComparison.Ordinal);
    }
}
