using System.Text;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Runtime;

/// <summary>Tests which files of a game GameHost reports, against games that write everything a game can write.</summary>
public sealed class SavedFileTests
{
    [Theory]
    [InlineData(SandboxKind.Process)]
    [InlineData(SandboxKind.Docker)]
    public async Task Only_what_a_game_changed_in_its_directory_is_reported_and_nothing_behind_a_link(SandboxKind kind)
    {
        await using LinkHost host = await LinkHost.StartAsync(kind);
        Dictionary<string, string> files = new()
        {
            ["main.py"] =
                """
                import os
                with open("early.txt", "w") as file:
                    file.write("first")
                input("early?")
                with open("early.txt", "w") as file:
                    file.write("second")
                os.makedirs("saves/a")
                with open("saves/a/größe.dat", "wb") as file:
                    file.write(bytes(range(256)))
                with open("levels.json", "a") as file:
                    file.write("more")
                os.remove("old.sav")
                os.remove("gone.png")
                os.utime("same.txt", (1, 1))
                with open("large.dat", "wb") as file:
                    file.write(bytes(1_000_001))
                for name in ("helper.py", "x:y.txt", "a" * 121, "new\nline.txt"):
                    open(name, "w").close()
                os.makedirs("__pycache__")
                open("__pycache__/a.txt", "w").close()
                os.makedirs("/".join("12345678"))
                open("/".join("12345678") + "/deep.txt", "w").close()
                os.symlink("/etc/passwd", "passwd.txt")
                os.symlink("/etc", "etc")
                os.symlink("/proc/1", "self")
                os.mkfifo("pipe.txt")
                print("written")
                """,
            ["levels.json"] = "[]",
            ["old.sav"] = "old",
            ["gone.png"] = "x",
            ["same.txt"] = "same",
            ["untouched.txt"] = "x",
        };
        await host.StartGameAsync(files, start: new StartMessage("main.py", SavedBytes: SavedFileRules.MaxBytes, Saved: ["old.sav"]));
        // While the game runs, a file that nobody writes at the moment is reported.
        byte[] early = await host.MessageAsync(MessageType.SavedFile);
        Assert.Equal(("early.txt", "first"), TextOf(early));
        await host.SendAsync(SandboxMessages.Text(MessageType.ConsoleInput, "go on"));
        SessionEnded end = await host.EndAsync();
        Assert.True(end.Reason == EndReasons.Finished && host.Console.Contains("written", StringComparison.Ordinal),
            host.Console + string.Join('\n', host.Messages(MessageType.Error).Select(Encoding.UTF8.GetString)));

        // A look in the middle may have seen a file before it was finished. The last message about each file counts.
        (string Path, byte[]? Content)[] saved =
        [
            .. host.Messages(MessageType.SavedFile).Select(static message => SavedFileMessage.Read(message)).Reverse()
                .DistinctBy(static file => file.Path),
        ];
        Assert.Equal(
            ["early.txt", "levels.json", "old.sav", "same.txt", "saves/a/größe.dat"],
            saved.Select(static file => file.Path).Order(StringComparer.Ordinal));
        Assert.Equal("second"u8.ToArray(), saved.Single(static file => file.Path == "early.txt").Content);
        Assert.Equal("[]more"u8.ToArray(), saved.Single(static file => file.Path == "levels.json").Content);
        Assert.Null(saved.Single(static file => file.Path == "old.sav").Content);
        Assert.Equal(256, saved.Single(static file => file.Path == "saves/a/größe.dat").Content!.Length);
        Assert.Equal(MessageType.Ended, host.Order()[^1]);

        NotSavedMessage left = SandboxMessages.ReadJson(
            host.Messages(MessageType.NotSaved)[^1], MessageType.NotSaved, ProtocolJson.Default.NotSavedMessage);
        Assert.True(left.IsPossible());
        Assert.Contains(new NotSavedFile("helper.py", NotSavedReasons.Code), left.Files);
        Assert.Contains(new NotSavedFile("large.dat", NotSavedReasons.Size), left.Files);
        // helper.py, large.dat, x:y.txt, aaa…, new\nline.txt.
        Assert.Equal(5, left.Files.Count + left.More);
    }

    [Theory]
    [InlineData(0, 0, "")]
    [InlineData(2_500, 2, "space")]
    [InlineData(SavedFileRules.MaxBytes, SavedFileRules.MaxFiles, "files")]
    public async Task No_more_is_reported_than_the_session_may_keep(int bytes, int kept, string reason)
    {
        await using LinkHost host = await LinkHost.StartAsync();
        await host.StartGameAsync(
            new Dictionary<string, string> { ["main.py"] = "for i in range(70):\n    open(f'{i:02}.dat', 'wb').write(bytes(1000))\n" },
            start: new StartMessage("main.py", SavedBytes: bytes));
        await host.EndAsync();
        Assert.Equal(kept, host.Messages(MessageType.SavedFile).Count);
        // The last message says all.
        NotSavedMessage? left = host.Messages(MessageType.NotSaved).Select(static message =>
            SandboxMessages.ReadJson(message, MessageType.NotSaved, ProtocolJson.Default.NotSavedMessage)).LastOrDefault();
        Assert.Equal(reason.Length > 0 ? [reason] : [], (left?.Files ?? []).Select(static file => file.Reason).Distinct());
        Assert.Equal(kept == 0 ? 0 : 70 - kept, (left?.Files.Count ?? 0) + (left?.More ?? 0));
    }

    private static (string Path, string Text) TextOf(byte[] message)
    {
        (string path, byte[]? content) = SavedFileMessage.Read(message);
        return (path, Encoding.UTF8.GetString(content!));
    }
}
