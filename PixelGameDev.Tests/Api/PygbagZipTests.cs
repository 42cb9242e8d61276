using System.Diagnostics;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests the zip in the shape that pygbag wants. pygbag itself is not run: it needs the network.</summary>
public sealed class PygbagZipTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Loop = """
        import pygame, time
        while True:
            # pygame.display.flip() shows it
            pygame.display.flip()
            time.sleep(0.1)

        """;

    private const string Waiting = """
        import asyncio, pygame, sys
        import helper

        async def main():
            pygame.display.flip()
            await asyncio.sleep(0)
            print(helper.word, open('data/größe.txt', encoding='utf-8').read(), __name__)

        asyncio.run(main())

        """;

    [Fact]
    public async Task The_files_of_a_game_stay_as_they_are_and_a_text_says_what_to_change()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        byte[] sound = [0, 1, 2, 255];
        (await visitor.SaveAsync(id, "main.py", Loop)).EnsureSuccessStatusCode();
        (await visitor.SaveAllAsync(
            id,
            [
                ("screens/end.py", "import pygame\npygame.display.update(rect)\n"u8.ToArray()), ("screens/ready.py", Bytes(Waiting)),
                ("boom.wav", sound), ("hit.wav", sound), ("hit.ogg", sound), ("static/star.png", sound),
            ])).EnsureSuccessStatusCode();
        using ZipArchive zip = await DownloadAsync(visitor, id, "Größtes Spiel: 1/2", "Größtes Spiel_ 1_2 (pygbag).zip");
        Assert.Equal(
            [
                "README-pygbag.txt", "boom.wav", "hit.ogg", "hit.wav", "main.py", "screens/end.py", "screens/ready.py", "static/star.png",
            ],
            zip.Entries.Select(static entry => entry.FullName.Replace("Grosstes-Spiel-1-2/", "", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal));
        Assert.Equal(Loop, Read(zip, "Grosstes-Spiel-1-2/main.py"));
        Assert.Equal(Waiting, Read(zip, "Grosstes-Spiel-1-2/screens/ready.py"));

        string readme = Read(zip, "Grosstes-Spiel-1-2/README-pygbag.txt");
        foreach (string half in readme.Split(new string('-', 80)))
        {
            Assert.Contains("main.py: 4\n", half, StringComparison.Ordinal);
            Assert.Contains("screens/end.py: 2\n", half, StringComparison.Ordinal);
            // It waits already.
            Assert.DoesNotContain("screens/ready.py", half, StringComparison.Ordinal);
            Assert.Contains("main.py: 5\n", half, StringComparison.Ordinal);
            Assert.Contains("boom.wav", half, StringComparison.Ordinal);
            Assert.DoesNotContain("hit.wav", half, StringComparison.Ordinal);
            Assert.Contains("  static\n", half, StringComparison.Ordinal);
            Assert.Contains("python -m pygbag Grosstes-Spiel-1-2", half, StringComparison.Ordinal);
        }

        Assert.Contains("EXPERIMENTAL", readme, StringComparison.Ordinal);
        Assert.Contains("EXPERIMENTELL", readme, StringComparison.Ordinal);
    }

    /// <summary>Runs the added file with the machine's Python, and a module in place of pygame.</summary>
    [Theory]
    [InlineData("start.py", false)]
    [InlineData("start.py", true)]
    [InlineData("code/start.py", false)]
    [InlineData("code/start.py", true)]
    public async Task Where_another_file_starts_the_game_a_main_file_starts_it(string entry, bool hasMain)
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        string folder = entry.Contains('/', StringComparison.Ordinal) ? "code/" : "";
        (await visitor.SaveAllAsync(
            id,
            [
                ($"{folder}helper.py", "import numpy\nword = 'hello'\n"u8.ToArray()), ("data/größe.txt", "from a file"u8.ToArray()),
                (entry, Bytes(Waiting)),
            ])).EnsureSuccessStatusCode();
        const string own = "print('not this one')\n";
        (await visitor.SaveAsync(id, "main.py", own)).EnsureSuccessStatusCode();
        (await visitor.Http.PatchAsJsonAsync($"/api/projects/{id}", new { entry })).EnsureSuccessStatusCode();
        if (!hasMain)
        {
            (await visitor.Http.DeleteAsync(Visitor.FileUrl(id, "main.py"))).EnsureSuccessStatusCode();
        }

        using ZipArchive zip = await DownloadAsync(visitor, id, "Game", "Game (pygbag).zip");
        string files = hasMain ? "Game/game/" : "Game/";
        Assert.Equal(Waiting, Read(zip, files + entry));
        if (hasMain)
        {
            Assert.Equal(own, Read(zip, "Game/game/main.py"));
        }

        // pygbag loads these before the game if it sees them here.
        Assert.Contains("\nimport numpy\nimport pygame\n", Read(zip, "Game/main.py"), StringComparison.Ordinal);

        using TestDirectory desk = new();
        zip.ExtractToDirectory(desk.Path);
        await File.WriteAllTextAsync($"{desk.Path}/pygame.py", "class display:\n    flip = staticmethod(lambda: None)\n");
        await File.WriteAllTextAsync($"{desk.Path}/numpy.py", "");
        ProcessStartInfo python = new("python3", [$"{desk.Path}/Game/main.py"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = desk.Path,
        };
        python.Environment["PYTHONIOENCODING"] = "utf-8";
        python.Environment["PYTHONPATH"] = desk.Path;
        using Process process = Process.Start(python)!;
        string said = await process.StandardOutput.ReadToEndAsync();
        Assert.Equal("hello from a file __main__", (said + await process.StandardError.ReadToEndAsync()).Trim());
    }

    private static async Task<ZipArchive> DownloadAsync(Visitor visitor, Guid id, string name, string fileName)
    {
        (await visitor.Http.PatchAsJsonAsync($"/api/projects/{id}", new { name })).EnsureSuccessStatusCode();
        using HttpResponseMessage download = await visitor.Http.GetAsync($"/api/projects/{id}/zip/pygbag");
        download.EnsureSuccessStatusCode();
        Assert.Equal("application/zip", download.Content.Headers.ContentType!.MediaType);
        Assert.Equal(fileName, download.Content.Headers.ContentDisposition!.FileNameStar);
        return new ZipArchive(new MemoryStream(await download.Content.ReadAsByteArrayAsync()));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Read(ZipArchive zip, string path)
    {
        using StreamReader reader = new(zip.GetEntry(path)!.Open());
        return reader.ReadToEnd();
    }
}
