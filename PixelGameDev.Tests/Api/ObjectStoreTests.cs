using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using PixelGameDev.Api.Administration;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.History.Objects;
using PixelGameDev.ServiceDefaults;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that large contents of the history move to a real S3-compatible store, and are found there.</summary>
public sealed class ObjectStoreTests(ApiFixture fixture) : ObjectStoreTestBase(fixture)
{
    private static readonly byte[] Small = Encoding.UTF8.GetBytes("print('small')\n");

    [Fact]
    public async Task Large_contents_move_and_are_shown_restored_and_downloaded_as_before()
    {
        using Visitor visitor = await Visitor.ArriveAsync(Api.Address);
        Guid id = await visitor.FirstProjectAsync();
        await SaveAsync(visitor, id, "main.py", Small);
        long first = await RecordAsync(visitor, id, Large, Noise(1));
        long second = await RecordAsync(visitor, id, Large, Noise(2));
        Assert.Equal(2, await Mover.MoveAsync(CancellationToken.None));
        Assert.Equal(0, await Mover.MoveAsync(CancellationToken.None));
        // A content is in one place, and a small one stays.
        Assert.Equal(2, await ScalarAsync<long>("select count(*) from blobs where content is null and object is not null"));
        Assert.Equal(0, await ScalarAsync<long>(
            $"select count(*) from blobs where (content is null) = (object is null) or (size >= {BlobMover.MinSize}) = (object is null)"));
        Assert.Equal(Store.Keys().Order(StringComparer.Ordinal), (await NamedKeysAsync()).Order(StringComparer.Ordinal));

        Assert.Equal(Noise(1), await visitor.Http.GetByteArrayAsync($"/api/projects/{id}/history/{first}/files/{Large}"));
        JsonNode revision = await visitor.GetAsync($"/api/projects/{id}/history/{first}");
        Assert.Equal(
            ["main.py same", $"{Large} changed"],
            revision["files"]!.AsArray().Select(static file => $"{file!["path"]} {file["state"]}"));
        using (HttpResponseMessage restored = await visitor.Http.PostAsJsonAsync($"/api/projects/{id}/history/{first}/restore", new { }))
        {
            restored.EnsureSuccessStatusCode();
        }

        Assert.Equal(Noise(1), await visitor.Http.GetByteArrayAsync(Visitor.FileUrl(id, Large)));
        using (ZipArchive zip = new(await visitor.Http.GetStreamAsync("/api/account/export")))
        {
            using MemoryStream content = new();
            await using (Stream entry = zip.Entries.Single(entry => entry.FullName.StartsWith("history/", StringComparison.Ordinal)
                && entry.FullName.Contains($"/{second:00000} ", StringComparison.Ordinal) && entry.Name == "owl.wav").Open())
            {
                await entry.CopyToAsync(content);
            }

            Assert.Equal(Noise(2), content.ToArray());
        }

        // The restore recorded a content that the store has already: it is not written again.
        Assert.Equal(0, await Mover.MoveAsync(CancellationToken.None));
        Assert.Equal(2, Store.Keys().Length);
    }

    [Fact]
    public async Task While_the_store_is_away_everything_but_what_it_has_works_and_contents_move_later()
    {
        using Visitor visitor = await Visitor.ArriveAsync(Api.Address);
        Guid id = await visitor.FirstProjectAsync();
        long small = await RecordAsync(visitor, id, "main.py", Small);
        long there = await RecordAsync(visitor, id, Large, Noise(3));
        Assert.Equal(1, await Mover.MoveAsync(CancellationToken.None));
        await Store.StopAsync();

        long here = await RecordAsync(visitor, id, Large, Noise(4));
        await RunAsync(visitor, id);
        await Assert.ThrowsAsync<ObjectStoreException>(() => Mover.MoveAsync(CancellationToken.None));
        Assert.Equal(Noise(4), await visitor.Http.GetByteArrayAsync($"/api/projects/{id}/history/{here}/files/{Large}"));
        await AwayAsync(visitor.Http.GetAsync($"/api/projects/{id}/history/{there}/files/{Large}"));
        await AwayAsync(visitor.Http.PostAsJsonAsync($"/api/projects/{id}/history/{there}/restore", new { }));
        await AwayAsync(visitor.Http.GetAsync("/api/account/export"));
        Assert.Equal(Noise(4), await visitor.Http.GetByteArrayAsync(Visitor.FileUrl(id, Large)));
        // A revision that needs nothing from the store.
        using (HttpResponseMessage restored = await visitor.Http.PostAsJsonAsync($"/api/projects/{id}/history/{small}/restore", new { }))
        {
            restored.EnsureSuccessStatusCode();
        }

        await Store.ResumeAsync();
        Assert.Equal(1, await Mover.MoveAsync(CancellationToken.None));
        Assert.Equal(Noise(3), await visitor.Http.GetByteArrayAsync($"/api/projects/{id}/history/{there}/files/{Large}"));
        Assert.Equal(Noise(4), await visitor.Http.GetByteArrayAsync($"/api/projects/{id}/history/{here}/files/{Large}"));

        static async Task AwayAsync(Task<HttpResponseMessage> request)
        {
            using HttpResponseMessage answer = await request;
            await Visitor.ProblemOf(answer, HttpStatusCode.ServiceUnavailable, "history_away");
        }
    }

    [Fact]
    public async Task The_pauses_before_the_next_try_grow_and_health_says_what_the_store_answers()
    {
        FakeTimeProvider clock = new();
        BackgroundWork work = new(clock, NullLogger<BackgroundWork>.Instance);
        using ObjectStore objects = new(new ObjectStoreOptions(
            new Uri($"http://127.0.0.1:{Store.Port}"), "no-such-bucket", "us-east-1", "S3RVER", "S3RVER", PathStyle: true));
        using BlobMover mover = new(
            Api.Services.GetRequiredService<NpgsqlDataSource>(), objects, Api.Services.GetRequiredService<DatabaseMigrator>(), clock, work,
            NullLogger<BlobMover>.Instance);
        Assert.Contains("NoSuchBucket", await FailAsync(), StringComparison.Ordinal);
        await Store.StopAsync();
        // No try during the pause: the message is still that of the first one.
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Contains("NoSuchBucket", await FailAsync(), StringComparison.Ordinal);
        foreach (int pause in new[] { 1, 60, 120, 240, 300, 300 })
        {
            clock.Advance(TimeSpan.FromSeconds(pause - 1));
            string before = await FailAsync();
            clock.Advance(TimeSpan.FromSeconds(1));
            string after = await FailAsync();
            Assert.DoesNotContain("NoSuchBucket", after, StringComparison.Ordinal);
            Assert.Equal(pause == 1, before != after);
        }

        async Task<string> FailAsync() => (await Assert.ThrowsAsync<BackgroundDependencyException>(
            () => mover.ExecuteUnlessPausedAsync(CancellationToken.None))).Message;
    }

    [Fact]
    public async Task A_store_that_does_not_keep_what_it_takes_gets_no_content()
    {
        using Visitor visitor = await Visitor.ArriveAsync(Api.Address);
        Guid id = await visitor.FirstProjectAsync();
        long number = await RecordAsync(visitor, id, Large, Noise(5));
        // The store takes other bytes than the hash says, as a broken disk would.
        await ExecuteAsync("update blobs set content = content || '\\x00' where size >= $1", BlobMover.MinSize);
        await Assert.ThrowsAsync<ObjectStoreException>(() => Mover.MoveAsync(CancellationToken.None));
        Assert.Empty(await NamedKeysAsync());
        Assert.Equal(1, await ScalarAsync<long>("select count(*) from unneeded_objects"));
        await visitor.Http.GetByteArrayAsync($"/api/projects/{id}/history/{number}/files/{Large}");
    }

    [Fact]
    public async Task Without_its_settings_the_Api_says_where_contents_are_and_a_command_brings_them_back()
    {
        Guid id;
        long number;
        using (Visitor visitor = await Visitor.ArriveAsync(Api.Address))
        {
            id = await visitor.FirstProjectAsync();
            number = await RecordAsync(visitor, id, Large, Noise(6));
            Assert.Equal(1, await Mover.MoveAsync(CancellationToken.None));
            await ExecuteAsync("update projects set revision = revision where id = $1", id);
            await using RunningApi off = await RunningApi.StartAsync(ConnectionString, Fixture.Executor.Address);
            await off.WaitUntilHealthyAsync();
            BackgroundWork work = off.Services.GetRequiredService<BackgroundWork>();
            await Eventually.TrueAsync(
                () => work.Describe().Any(static part => part.Failure?.Contains("OBJECT_STORE_BUCKET", StringComparison.Ordinal) == true),
                "the Api says that contents are elsewhere");
            string url = new Uri(off.Address, $"/api/projects/{id}/history/{number}/files/{Large}").ToString();
            using (HttpResponseMessage away = await visitor.Http.GetAsync(url))
            {
                await Visitor.ProblemOf(away, HttpStatusCode.ServiceUnavailable, "history_away");
            }

            Assert.Equal(1, await BringBackHistory.RunAsync(off.Services));
            Assert.Equal(0, await BringBackHistory.RunAsync(Api.Services));
            Assert.Empty(await NamedKeysAsync());
            Assert.Equal(Noise(6), await visitor.Http.GetByteArrayAsync(url));
            // With a running Api that moves, the command does nothing.
            await using DatabaseLock? moving = await BlobMover.TryLockAsync(
                Api.Services.GetRequiredService<NpgsqlDataSource>(), CancellationToken.None);
            Assert.NotNull(moving);
            Assert.Equal(1, await BringBackHistory.RunAsync(Api.Services));
        }
    }
}
