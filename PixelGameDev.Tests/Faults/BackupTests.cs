using System.Diagnostics;
using System.Net;
using Npgsql;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Processes;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Faults;

/// <summary>The commands of docs/operations.md, taken from the document and run as they stand there.</summary>
[Collection(SystemCollection.Name)]
public sealed class BackupTests(SystemFixture fixture) : IDisposable
{
    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task What_was_backed_up_is_there_after_a_restore()
    {
        TestSystem system = await fixture.GetAsync();
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
        TestSystem system = await fixture.GetAsync();
        await File.WriteAllTextAsync(directory.Sub("pixelgamedev.dump"), "the good one");

        (int code, _) = await TryAsync("backup", system, "postgresql://nobody:wrong@127.0.0.1:1/nothing");

        Assert.NotEqual(0, code);
        Assert.Equal("the good one", await File.ReadAllTextAsync(directory.Sub("pixelgamedev.dump")));
    }

    private async Task RunAsync(string name, TestSystem system)
    {
        (int code, string output) = await TryAsync(name, system, Url(system.Host.ConnectionString));
        Assert.True(code == 0, output);
    }

    private Task<(int ExitCode, string Output)> TryAsync(string name, TestSystem system, string url)
    {
        // Debian keeps the programs of each version in a directory of its own; the newest can read what the others wrote.
        string programs = string.Join(':', Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(static version => version + "/bin")
            : []);
        return ManagedProcess.RunAsync(
            new ProcessSpec("sh", ["-e", "-c", Block(name)])
            {
                Environment = new Dictionary<string, string?>
                {
                    ["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}",
                    ["DATABASE_URL"] = url,
                    ["BACKUP"] = directory.Sub("pixelgamedev.dump"),
                },
            },
            new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token);
    }

    private static string Url(string connection)
    {
        NpgsqlConnectionStringBuilder parts = new(connection);
        return $"postgresql://{WebUtility.UrlEncode(parts.Username)}:{Uri.EscapeDataString(parts.Password!)}@{parts.Host}:{parts.Port}/{parts.Database}";
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
