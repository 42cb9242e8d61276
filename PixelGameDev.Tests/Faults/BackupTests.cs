using System.Globalization;
using System.Net;
using Npgsql;
using PixelGameDev.AppHost;
using PixelGameDev.Benchmarks.Processes;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Faults;

/// <summary>Runs the commands of docs/operations.md exactly as the document states them.</summary>
[Collection(SystemCollection.Name)]
public sealed class BackupTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_was_backed_up_is_there_after_a_restore()
    {
        await using TestSystem system = await StartAsync();
        using Person person = await Person.ArriveAsync(system.Address);
        Assert.True(await person.TrySaveAsync("precious.py", "treasure = 42"));

        await RunAsync("backup", system);
        using (HttpResponseMessage deleted = await person.Http.DeleteAsync($"/api/projects/{person.Project}"))
        {
            Assert.True(deleted.IsSuccessStatusCode);
        }

        await system.Host.StopApiAsync();
        await RunAsync("restore", system);
        await system.Host.StartApiAsync(CancellationToken.None);

        Assert.Equal("treasure = 42", await person.Http.GetStringAsync($"/api/projects/{person.Project}/files/precious.py"));
    }

    [Fact]
    public async Task A_broken_dump_never_takes_a_backups_place()
    {
        await using TestSystem system = await StartAsync();
        await File.WriteAllTextAsync(_directory.Sub("pixelgamedev.dump"), "the good one");

        (int code, _) = await TryAsync("backup", system, "postgresql://nobody:wrong@127.0.0.1:1/nothing");

        Assert.NotEqual(0, code);
        Assert.Equal("the good one", await File.ReadAllTextAsync(_directory.Sub("pixelgamedev.dump")));
    }

    /// <summary>
    /// Starts a system of the version that this machine's pg_dump understands. pg_dump refuses a newer server, and the AppHost may have
    /// fetched one.
    /// </summary>
    private static Task<TestSystem> StartAsync() =>
        TestSystem.StartAsync(options => options with { PostgresMajor = Versions.Length > 0 ? Versions[0] : null });

    /// <summary>Lists the installed versions. Debian keeps each in its own directory; the newest pg_dump reads the data of all.</summary>
    private static int[] Versions => Directory.Exists("/usr/lib/postgresql")
        ? [.. Directory.GetDirectories("/usr/lib/postgresql")
            .Select(static path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture)).OrderDescending()]
        : [];

    private async Task RunAsync(string name, TestSystem system)
    {
        (int code, string output) = await TryAsync(name, system, Url(system.Host.ConnectionString));
        Assert.True(code == 0, output);
    }

    private Task<(int ExitCode, string Output)> TryAsync(string name, TestSystem system, string url)
    {
        string programs = string.Join(':', Versions.Select(static version => $"/usr/lib/postgresql/{version}/bin"));
        return ManagedProcess.RunAsync(
            new ProcessSpec("sh", ["-e", "-c", Block(name)])
            {
                Environment = new Dictionary<string, string?>
                {
                    ["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}",
                    ["DATABASE_URL"] = url,
                    ["BACKUP"] = _directory.Sub("pixelgamedev.dump"),
                },
            },
            new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token);
    }

    private static string Url(string connection)
    {
        NpgsqlConnectionStringBuilder parts = new(connection);
        return $"postgresql://{WebUtility.UrlEncode(parts.Username)}:{Uri.EscapeDataString(parts.Password!)}" +
            $"@{parts.Host}:{parts.Port}/{parts.Database}";
    }

    private static string Block(string name)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Find().Root, "docs", "operations.md"));
        string mark = $"<!-- run: {name} -->\n```sh\n";
        int begin = text.IndexOf(mark, StringComparison.Ordinal);
        Assert.True(begin >= 0, $"docs/operations.md has no block '{name}'.");
        begin += mark.Length;
        return text[begin..text.IndexOf("\n```", begin, StringComparison.Ordinal)];
    }
}
