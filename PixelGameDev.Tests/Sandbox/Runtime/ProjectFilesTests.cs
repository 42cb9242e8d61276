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

    [Theory]
    [InlineData(SandboxKind.Process)]
    [InlineData(SandboxKind.Docker)]
    public async Task A_module_of_the_game_comes_before_one_that_the_waiting_sandbox_has_imported(SandboxKind kind)
    {
        string[] names =
        [
            "platform", "queue", "signal", "struct", "socket", "keyword", "ast", "mmap", "types", "textwrap", "traceback", "subprocess",
            "locale", "random", "dataclasses", "tokenize", "linecache", "threading",
        ];
        Dictionary<string, string> files = names.ToDictionary(static name => name + ".py", static _ => "mine = 1\n");
        files["main.py"] =
            $"""
            import sys
            import pygame
            pygame.init()
            print([name for name in {PythonList(names)} if not hasattr(__import__(name), "mine")])
            import json, collections.abc, string
            print(json.loads("[1]"), json.decoder.JSONDecoder is type(json.JSONDecoder()), sys.modules["json"] is json, string.digits)
            pygame.display.set_mode((64, 48))
            pygame.display.flip()
            nothing.here
            """;
        await using LinkHost host = await LinkHost.StartAsync(kind);
        await host.StartGameAsync(files);
        ErrorReport error = await host.ErrorAsync();
        await host.EndAsync();
        Assert.StartsWith("[]\n[1] True True 0123456789\n", host.Console, StringComparison.Ordinal);
        // The report is whole although the game has a traceback.py, an ast.py and a tokenize.py.
        Assert.Equal(("NameError", 9, "nothing.here"), (error.Type, error.Line, error.Frames[^1].Source));
    }

    [Theory]
    [InlineData(SandboxKind.Process)]
    [InlineData(SandboxKind.Docker)]
    public async Task Each_name_of_the_standard_library_can_be_taken_exactly_where_a_plain_Python_lets_it(SandboxKind kind)
    {
        await using LinkHost host = await LinkHost.StartAsync(kind);
        await host.StartGameAsync(new Dictionary<string, string>
        {
            ["main.py"] =
                """
                import os, sys
                search = (
                    "import sys\n"
                    "lost = []\n"
                    "for name in sorted(sys.stdlib_module_names):\n"
                    "    try:\n"
                    "        own = hasattr(__import__(name), 'mine')\n"
                    "    except (ImportError, AttributeError):\n"
                    "        own = False\n"
                    "    if not own:\n"
                    "        lost.append(name)\n"
                )
                os.mkdir("lib")
                for name in sys.stdlib_module_names:
                    with open(f"lib/{name}.py", "w") as file:
                        file.write("mine = 1\n")
                with open("lib/main.py", "w") as file:
                    file.write(search + "print(*lost)\n")
                plain = os.popen(f"{sys.executable} -B lib/main.py 2>/dev/null").read().split()
                sys.modules.pop("subprocess", None)
                sys.path.insert(0, "lib")
                exec(search)
                print("plain", len(plain) > 20, len(sys.stdlib_module_names) - len(plain) > 150)
                print("lost only here", sorted(set(lost) - set(plain)))
                """,
        });
        await host.EndAsync();
        Assert.Contains("plain True True\n", host.Console, StringComparison.Ordinal);
        Assert.Contains("lost only here []\n", host.Console, StringComparison.Ordinal);
    }

    /// <summary>
    /// A game runs in the folder of the file that starts it, as by a double click, unless the names in it say that it ran in the root.
    /// </summary>
    [Theory]
    [InlineData("game", "print(open('a.txt').read(), open('../data/b.txt').read())", "game/a.txt", "data/b.txt")]
    [InlineData("game", "print(open('images/x.txt').read())", "game/images/x.txt", "images/x.txt")]
    [InlineData("game", "import os.path; print(open(os.path.join('images', 'x.txt')).read())", "game/images/x.txt", "other/y.txt")]
    [InlineData("game", "print(open(f'level{1}.txt').read())", "game/level1.txt", "level2.txt")]
    [InlineData(".", "print(open('data/b.txt').read())", "data/b.txt", "game/a.txt")]
    [InlineData(".", "print(open('game/a.txt').read(), 'a.txt', open('data/b.txt').read())", "game/a.txt", "data/b.txt")]
    [InlineData(".", "import beside; print(beside.read())", "assets/x.txt", "game/a.txt")]
    public async Task A_game_in_a_folder_runs_where_the_files_that_it_names_are(
        string directory, string program, string one, string other)
    {
        await using LinkHost host = await LinkHost.StartAsync();
        await host.StartGameAsync(
            new Dictionary<string, string>
            {
                ["game/main.py"] =
                    $"""
                    import os, sys, above, beside
                    {program}
                    print(os.path.relpath(os.getcwd(), '{host.Work}'), sys.argv)
                    """,
                ["game/beside.py"] = "def read():\n    return open('assets/x.txt').read()\n",
                ["above.py"] = "X = 2\n",
                [one] = "1",
                [other] = "2",
            },
            "game/main.py");
        SessionEnded end = await host.EndAsync();
        Assert.Equal(EndReasons.Finished, end.Reason);
        string start = directory == "." ? "game/main.py" : "main.py";
        Assert.EndsWith($"{directory} ['{start}']\n", host.Console, StringComparison.Ordinal);
        Assert.StartsWith("1", host.Console, StringComparison.Ordinal);
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

    private static string PythonList(IEnumerable<string> names) => $"[{string.Join(", ", names.Select(static name => $"'{name}'"))}]";
}
