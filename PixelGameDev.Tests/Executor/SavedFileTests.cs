using System.Net;
using System.Net.Http.Json;
using System.Text;
using PixelGameDev.Executor.Sessions;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>Tests that the Executor holds the files of a game until the Api has stored them, and believes no sandbox.</summary>
public sealed class SavedFileTests(RelayScene.Fixture fixture) : RelayScene(fixture)
{
    [Fact]
    public async Task Changes_wait_until_they_are_released_and_a_reader_may_wait_for_the_last_ones()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await sandbox.SayAsync(SavedFileMessage.Create("score.txt", "1"u8.ToArray()));
        await sandbox.SayAsync(SavedFileMessage.Create("other.txt", "x"u8.ToArray()));
        await sandbox.SayAsync(SavedFileMessage.Create("score.txt", "2"u8.ToArray()));
        await Eventually.TrueAsync(async () => (await _host.InfoAsync(id)).SavedChanges == 3, "the changes are there");
        SavedGameFiles first = await ReadAsync(id, 0);
        Assert.Equal((3, false), (first.Changes, first.Ended));
        Assert.Equal(["other.txt x", "score.txt 2"], first.Files.Select(Describe));
        Assert.Equal(["score.txt 2"], (await ReadAsync(id, 2)).Files.Select(Describe));

        using (HttpResponseMessage released = await _host.SendAsync(HttpMethod.Delete, $"/sessions/{id}/saved?through=3"))
        {
            Assert.Equal(HttpStatusCode.NoContent, released.StatusCode);
        }

        Assert.Empty((await ReadAsync(id, 0)).Files);

        // The next run waits for what this one saves when it ends.
        Task<SavedGameFiles> waiting = ReadAsync(id, 3, waitMillis: 5000);
        await sandbox.SayAsync(SavedFileMessage.Create("score.txt", null));
        await sandbox.SayEndedAsync(EndReasons.Finished);
        SavedGameFiles last = await waiting;
        while (!last.Ended)
        {
            // This machine took longer than a reader waits.
            last = await ReadAsync(id, 3, waitMillis: 5000);
        }

        Assert.Equal((4, true), (last.Changes, last.Ended));
        Assert.Equal(["score.txt deleted"], last.Files.Select(Describe));
        using HttpResponseMessage unknown = await _host.SendAsync(HttpMethod.Get, $"/sessions/{Guid.NewGuid()}/saved");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Theory]
    [InlineData("path")]
    [InlineData("code")]
    [InlineData("files")]
    [InlineData("bytes")]
    [InlineData("flood")]
    [InlineData("broken")]
    [InlineData("reason")]
    public async Task A_sandbox_that_sends_more_or_other_than_GameHost_does_ends(string attack)
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        byte[] large = new byte[SavedFileRules.MaxBytes];
        IEnumerable<byte[]> messages = attack switch
        {
            "path" => [SavedFileMessage.Create("../up.txt", large)],
            "code" => [SavedFileMessage.Create("random.py", large)],
            "files" => Enumerable.Range(0, SavedFileRules.MaxPaths + 1).Select(i => SavedFileMessage.Create($"{i}.txt", [])),
            "bytes" => Enumerable.Range(0, 3).Select(i => SavedFileMessage.Create($"{i}.txt", large)),
            "flood" => Enumerable.Range(0, 20).Select(_ => SavedFileMessage.Create("a.txt", large)),
            "broken" => [[(byte)MessageType.SavedFile, 0, 200, 0, 65]],
            _ =>
            [
                SandboxMessages.Json(
                    MessageType.NotSaved, new NotSavedMessage([new("a", "because")]), ProtocolJson.Default.NotSavedMessage),
            ],
        };
        byte[] all = [.. messages.SelectMany(static message => (byte[])[.. BitConverter.GetBytes(message.Length), .. message])];
        await FloodAsync(sandbox, all);
        SessionInfo end = await _host.EndOfAsync(id);
        Assert.Equal(attack == "flood" ? EndReasons.StreamLimit : EndReasons.ProtocolError, end.EndReason);
    }

    [Fact]
    public async Task Saved_files_do_not_count_as_files_of_the_project_and_have_their_own_limits()
    {
        SessionFile main = new("main.py", "# saved"u8.ToArray());
        SessionFile[] files = [main, .. Enumerable.Range(0, 64).Select(static i => new SessionFile($"{i}.sav", new byte[10_000]))];
        string[] saved = [.. files.Skip(1).Select(static file => file.Path)];
        StartSessionRequest good = new(Guid.NewGuid(), "somebody", "main.py", files, saved, 1000);
        SessionInfo session = await _host.RunAsync(good);
        StartMessage start = ExecutorMessages.ReadStart((await _sandboxes.OfSessionAsync("# saved")).Of(MessageType.Start).Single());
        Assert.Equal(1000, start.SavedBytes);
        Assert.Equal(saved, start.Saved);
        await _host.SendAsync(HttpMethod.Post, $"/sessions/{session.SessionId}/stop");

        foreach (StartSessionRequest bad in new[]
        {
            good with { Saved = ["missing.sav"] },
            good with { Saved = ["main.py"] },
            good with { SavedBytes = SavedFileRules.MaxBytes + 1 },
            good with { Files = [main, new("a.sav", new byte[SavedFileRules.MaxBytes + 1])], Saved = ["a.sav"] },
        })
        {
            using HttpResponseMessage refused = await _host.PostAsync(bad with { SessionId = Guid.NewGuid() });
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    private static string Describe(SavedGameFile file) =>
        $"{file.Path} {(file.Content is { } content ? Encoding.UTF8.GetString(content) : "deleted")}";

    private async Task<SavedGameFiles> ReadAsync(Guid id, long after, int waitMillis = 0)
    {
        using HttpResponseMessage answer =
            await _host.SendAsync(HttpMethod.Get, $"/sessions/{id}/saved?after={after}&waitMillis={waitMillis}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<SavedGameFiles>())!;
    }
}
