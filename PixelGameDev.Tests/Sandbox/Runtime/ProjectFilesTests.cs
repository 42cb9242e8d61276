using System.Diagnostics;
using System.Globalization;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Runtime;

/// <summary>Tests how a game finds its modules and its files.</summary>
public sealed class ProjectFilesTests
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
}
