using System.Diagnostics;
using System.IO.Compression;
using System.IO.Hashing;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Projects.Zip;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that a project can be copied, taken home as a zip, and brought back.</summary>
public sealed class ZipTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_copy_has_the_files_and_is_independent()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        (await visitor.SaveAsync(id, "main.py", "original = True\n")).EnsureSuccessStatusCode();
        using HttpResponseMessage answer = await visitor.Http.PostAsJsonAsync($"/api/projects/{id}/duplicate", new { name = "Second" });
        JsonNode copy = await Visitor.JsonOf(answer, HttpStatusCode.Created);
        Guid second = copy["id"]!.GetValue<Guid>();
        Assert.Equal("Second", copy["name"]!.GetValue<string>());
        Assert.Equal(1, copy["revision"]!.GetValue<long>());
        (await visitor.SaveAsync(second, "main.py", "changed = True\n")).EnsureSuccessStatusCode();
        Assert.Equal("original = True\n", await visitor.Http.GetStringAsync(Visitor.FileUrl(id, "main.py")));
        Assert.Equal("original = True\n", await visitor.Http.GetStringAsync($"/api/projects/{second}/history/1/files/main.py"));

        using HttpResponseMessage unnamed = await visitor.Http.PostAsync($"/api/projects/{id}/duplicate", null);
        string name = (await Visitor.JsonOf(unnamed, HttpStatusCode.Created))["name"]!.GetValue<string>();
        Assert.EndsWith(" (copy)", name, StringComparison.Ordinal);
    }

    /// <summary>Unpacks the download, runs it with the machine's Python, and brings it back.</summary>
    [Theory]
    [InlineData("main.py", "main.py")]
    [InlineData("game/start.py", "main.py")]
    [InlineData("start.py", "start_game.py")]
    public async Task A_zip_runs_on_a_desktop_and_comes_back_the_same(string entry, string started)
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        string folder = entry.Contains('/', StringComparison.Ordinal) ? "game/" : "";
        (string, byte[])[] files =
        [
            ($"{folder}helper.py", "word = 'hello'\n"u8.ToArray()),
            ($"{folder}data/größe.txt", "from a file"u8.ToArray()),
            ("hero.png", [0x89, 0x50, 0, 255]),
        ];
        (await visitor.SaveAllAsync(id, files)).EnsureSuccessStatusCode();
        (await visitor.SaveAsync(
            id, entry, "import helper\nprint(helper.word, open('data/größe.txt').read(), __name__)\n")).EnsureSuccessStatusCode();
        object change = new { entry, name = "Größtes Spiel: 1/2" };
        (await visitor.Http.PatchAsJsonAsync($"/api/projects/{id}", change)).EnsureSuccessStatusCode();
        if (folder.Length > 0)
        {
            (await visitor.Http.DeleteAsync(Visitor.FileUrl(id, "main.py"))).EnsureSuccessStatusCode();
        }

        using HttpResponseMessage download = await visitor.Http.GetAsync($"/api/projects/{id}/zip");
        Assert.Equal("application/zip", download.Content.Headers.ContentType!.MediaType);
        Assert.Equal("Größtes Spiel_ 1_2.zip", download.Content.Headers.ContentDisposition!.FileNameStar);
        byte[] zip = await download.Content.ReadAsByteArrayAsync();
        using TestDirectory desk = new();
        using (ZipArchive archive = new(new MemoryStream(zip)))
        {
            archive.ExtractToDirectory(desk.Path);
        }

        string unpacked = $"{desk.Path}/Größtes Spiel_ 1_2";
        ProcessStartInfo python = new("python3", [started])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = unpacked,
        };
        python.Environment["PYTHONIOENCODING"] = "utf-8";
        using Process process = Process.Start(python)!;
        string said = await process.StandardOutput.ReadToEndAsync();
        Assert.Equal("hello from a file __main__", (said + await process.StandardError.ReadToEndAsync()).Trim());

        using HttpResponseMessage imported = await ImportAsync(visitor, zip, "Back");
        JsonNode back = await Visitor.JsonOf(imported, HttpStatusCode.Created);
        Assert.Empty(back["leftOut"]!.AsArray());
        Assert.Equal("Back", back["project"]!["name"]!.GetValue<string>());
        Assert.Equal(entry, back["project"]!["entry"]!.GetValue<string>());
        JsonNode before = await visitor.GetAsync($"/api/projects/{id}");
        Assert.Equal(FilesOf(before), FilesOf(back["project"]!));
        Guid copy = back["project"]!["id"]!.GetValue<Guid>();
        Assert.Equal("from a file", await visitor.Http.GetStringAsync(Visitor.FileUrl(copy, $"{folder}data/größe.txt")));

        static IEnumerable<string> FilesOf(JsonNode project) =>
            project["files"]!.AsArray().Select(static file => $"{file!["path"]} {file["size"]} {file["binary"]}");
    }

    [Fact]
    public async Task An_import_takes_what_it_can_and_says_what_it_left_out()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        byte[] zip = Zip(
            ("My Game\\main.py", "print('hi')"u8.ToArray()), ("My Game/__pycache__/main.pyc", [0]), ("__MACOSX/My Game/._main.py", [0]),
            ("My Game/.DS_Store", [0]), ("My Game/a:b.png", [0]), ("My Game/latin.txt", [0xff]),
            ("My Game/large.bin", new byte[ProjectLimits.MaxFileBytes + 1]), ("My Game/data", "x"u8.ToArray()),
            ("My Game/data/level.txt", "x"u8.ToArray()), ("My Game/images/hero.png", [0x89, 0]));
        using HttpResponseMessage answer = await ImportAsync(visitor, zip, "Mine");
        JsonNode imported = await Visitor.JsonOf(answer, HttpStatusCode.Created);
        Assert.Equal(
            ["data", "images/hero.png", "main.py"],
            imported["project"]!["files"]!.AsArray().Select(static file => file!["path"]!.GetValue<string>()));
        Assert.Equal(
            ["a:b.png bad_path", "latin.txt not_text", "large.bin file_too_large", "data/level.txt file_and_folder"],
            imported["leftOut"]!.AsArray().Select(static one => $"{one!["path"]} {one["code"]}"));
        Assert.All(imported["leftOut"]!.AsArray(), static one => Assert.NotEmpty(one!["detail"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_hostile_zip_writes_nothing_outside_and_is_unpacked_only_as_far_as_a_project_goes()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        byte[] traversal = Zip(("main.py", "1"u8.ToArray()), ("../../etc/passwd", "x"u8.ToArray()), ("/root/x.py", "x"u8.ToArray()));
        using (HttpResponseMessage answer = await ImportAsync(visitor, traversal, "Up"))
        {
            JsonNode imported = await Visitor.JsonOf(answer, HttpStatusCode.Created);
            Assert.Equal(["bad_path", "bad_path"], imported["leftOut"]!.AsArray().Select(static one => one!["code"]!.GetValue<string>()));
            Assert.Single(imported["project"]!["files"]!.AsArray());
        }

        // 100 × 5 MB of zeros in half a megabyte.
        byte[] zeros = new byte[ProjectLimits.MaxFileBytes];
        byte[] bomb = Zip([("main.py", "1"u8.ToArray()), .. Enumerable.Range(0, 100).Select(i => ($"zeros{i}.bin", zeros))]);
        using (HttpResponseMessage answer = await ImportAsync(visitor, bomb, "Bomb"))
        {
            JsonNode imported = await Visitor.JsonOf(answer, HttpStatusCode.Created);
            Assert.Equal(97, imported["leftOut"]!.AsArray().Count);
            Assert.All(
                imported["leftOut"]!.AsArray(), static one => Assert.Equal("project_too_large", one!["code"]!.GetValue<string>()));
        }

        // A header that claims less than the file has.
        byte[] liar = Zip(("main.py", "1"u8.ToArray()), ("large.bin", new byte[ProjectLimits.MaxFileBytes + 1]));
        byte[] size = BitConverter.GetBytes(ProjectLimits.MaxFileBytes + 1);
        for (int at = liar.AsSpan().LastIndexOf(size); at >= 0; at = liar.AsSpan(0, at).LastIndexOf(size))
        {
            BitConverter.TryWriteBytes(liar.AsSpan(at), 10);
        }

        using (HttpResponseMessage answer = await ImportAsync(visitor, liar, "Liar"))
        {
            JsonNode imported = await Visitor.JsonOf(answer, HttpStatusCode.Created);
            Assert.Equal(["main.py"], PathsOf(imported["project"]!));
            Assert.Equal(["large.bin file_damaged"], LeftOutOf(imported));
        }

        await RefusedAsync(visitor, "no zip"u8.ToArray(), HttpStatusCode.BadRequest, "bad_zip");
        await RefusedAsync(visitor, Zip(("readme.txt", "x"u8.ToArray())), HttpStatusCode.BadRequest, "no_python");
        await RefusedAsync(
            visitor, Zip([.. Enumerable.Range(0, ZipReader.MaxEntries + 1).Select(static i => ($"{i}.txt", Array.Empty<byte>()))]),
            HttpStatusCode.RequestEntityTooLarge, "too_many_files");
    }

    [Fact]
    public async Task A_file_with_a_password_or_a_wrong_checksum_is_left_out()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        byte[] zip = Zip(("main.py", "print(1)"u8.ToArray()), ("secret.txt", "locked"u8.ToArray()), ("data.txt", "12345"u8.ToArray()));
        MarkAsEncrypted(zip, "secret.txt");
        int sum = zip.AsSpan().LastIndexOf(BitConverter.GetBytes(Crc32.HashToUInt32("12345"u8)));
        zip[sum] ^= 1;
        using (HttpResponseMessage answer = await ImportAsync(visitor, zip, "Half"))
        {
            JsonNode imported = await Visitor.JsonOf(answer, HttpStatusCode.Created);
            Assert.Equal(["main.py"], PathsOf(imported["project"]!));
            Assert.Equal(["secret.txt file_damaged", "data.txt file_damaged"], LeftOutOf(imported));
        }

        MarkAsEncrypted(zip, "main.py");
        await RefusedAsync(visitor, zip, HttpStatusCode.BadRequest, "file_damaged");
    }

    [Fact]
    public async Task A_launcher_is_dropped_only_if_the_file_that_it_starts_is_there()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        byte[] own = "# Made by PixelGameDev. It starts start.py\nprint('my own game')\n"u8.ToArray();
        using (HttpResponseMessage answer = await ImportAsync(visitor, Zip(("main.py", own), ("other.py", "1"u8.ToArray())), "Own"))
        {
            JsonNode project = (await Visitor.JsonOf(answer, HttpStatusCode.Created))["project"]!;
            Assert.Equal(["main.py", "other.py"], PathsOf(project));
            Assert.Equal("main.py", project["entry"]!.GetValue<string>());
        }

        using HttpResponseMessage made = await ImportAsync(visitor, Zip(("main.py", own), ("start.py", "1"u8.ToArray())), "Made");
        JsonNode started = (await Visitor.JsonOf(made, HttpStatusCode.Created))["project"]!;
        Assert.Equal(["start.py"], PathsOf(started));
        Assert.Equal("start.py", started["entry"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_name_that_is_much_too_long_is_left_out_and_shown_short()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        string name = $"{string.Concat(Enumerable.Repeat("a/", 30_000))}x.txt";
        using HttpResponseMessage answer =
            await ImportAsync(visitor, Zip((name, [1]), ("game/main.py", "1"u8.ToArray()), ("game/a.txt", "1"u8.ToArray())), "Long");
        JsonNode imported = await Visitor.JsonOf(answer, HttpStatusCode.Created);
        Assert.Equal(["a.txt", "main.py"], PathsOf(imported["project"]!));
        Assert.Equal([$"{name[..150]}… bad_path"], LeftOutOf(imported));
    }

    private static async Task RefusedAsync(Visitor visitor, byte[] zip, HttpStatusCode status, string code)
    {
        using HttpResponseMessage refused = await ImportAsync(visitor, zip, "No");
        await Visitor.ProblemOf(refused, status, code);
    }

    private static async Task<HttpResponseMessage> ImportAsync(Visitor visitor, byte[] zip, string name)
    {
        using ByteArrayContent content = new(zip);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        return await visitor.Http.PostAsync($"/api/projects/import?name={Uri.EscapeDataString(name)}", content);
    }

    private static IEnumerable<string> PathsOf(JsonNode project) =>
        project["files"]!.AsArray().Select(static file => file!["path"]!.GetValue<string>());

    private static IEnumerable<string> LeftOutOf(JsonNode imported) =>
        imported["leftOut"]!.AsArray().Select(static one => $"{one!["path"]} {one["code"]}");

    /// <summary>Sets the flag of a file with a password in its entry of the zip's list.</summary>
    private static void MarkAsEncrypted(byte[] zip, string path) =>
        zip[zip.AsSpan().LastIndexOf(Encoding.UTF8.GetBytes(path)) - 46 + 8] |= 1;

    internal static byte[] Zip(params (string Path, byte[] Content)[] files)
    {
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8))
        {
            foreach ((string path, byte[] content) in files)
            {
                using Stream entry = zip.CreateEntry(path).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }
}
