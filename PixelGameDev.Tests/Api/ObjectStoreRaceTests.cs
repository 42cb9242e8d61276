using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.History;
using PixelGameDev.Api.History.Objects;
using PixelGameDev.Benchmarks.Network;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that no content is lost between the mover, the cleanup, the removal of objects and new revisions.</summary>
public sealed class ObjectStoreRaceTests(ApiFixture fixture) : ObjectStoreTestBase(fixture)
{
    [Fact]
    public async Task A_content_that_comes_back_while_its_old_object_waits_for_removal_stays()
    {
        using Visitor visitor = await Visitor.ArriveAsync(Api.Address);
        Guid gone = await visitor.NewProjectAsync();
        await RecordAsync(visitor, gone, Large, Noise(1));
        Assert.Equal(1, await Mover.MoveAsync(CancellationToken.None));
        string old = Assert.Single(await NamedKeysAsync());
        await ExecuteAsync("delete from projects where id = $1", gone);
        await CleanUpAsync();
        Assert.Equal(old, await ScalarAsync<string>("select key from unneeded_objects"));

        // The same content again, moved again, before the old object is removed.
        Guid kept = await visitor.NewProjectAsync();
        long number = await RecordAsync(visitor, kept, Large, Noise(1));
        Assert.Equal(1, await Mover.MoveAsync(CancellationToken.None));
        string current = Assert.Single(await NamedKeysAsync());
        Assert.NotEqual(old, current);
        Assert.Equal(2, Store.Keys().Length);
        await AgeObjectsAsync();
        await Mover.MoveAsync(CancellationToken.None);
        Assert.Equal([current], Store.Keys());
        Assert.Equal(0, await ScalarAsync<long>("select count(*) from unneeded_objects"));
        Assert.Equal(Noise(1), await visitor.Http.GetByteArrayAsync($"/api/projects/{kept}/history/{number}/files/{Large}"));
    }

    [Fact]
    public async Task Two_Apis_that_move_at_once_move_each_content_once()
    {
        await using RunningApi other = await RunningApi.StartAsync(ConnectionString, Fixture.Executor.Address, Store.Settings);
        await other.WaitUntilHealthyAsync();
        using Visitor visitor = await Visitor.ArriveAsync(Api.Address);
        Guid id = await visitor.FirstProjectAsync();
        List<long> numbers = [];
        for (int i = 0; i < 5; i++)
        {
            numbers.Add(await RecordAsync(visitor, id, Large, Noise(i)));
        }

        // Without the lock that usually keeps them apart.
        BlobMover[] movers = [Mover, other.Services.GetRequiredService<BlobMover>()];
        List<byte[]> hashes = [];
        for (int i = 0; i < 5; i++)
        {
            hashes.Add(System.Security.Cryptography.SHA256.HashData(Noise(i)));
        }

        bool[] moved = await Task.WhenAll(hashes.SelectMany(hash => movers.Select(
            mover => mover.MoveAsync(new BlobHash(hash), CancellationToken.None))));
        Assert.Equal(5, moved.Count(static one => one));
        Assert.Equal(5, (await NamedKeysAsync()).Length);

        // Each object is named by a blob or waits for its removal.
        await AgeObjectsAsync();
        await Task.WhenAll(movers.Select(static mover => mover.MoveAsync(CancellationToken.None)));
        Assert.Equal((await NamedKeysAsync()).Order(StringComparer.Ordinal), Store.Keys().Order(StringComparer.Ordinal));
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(Noise(i), await visitor.Http.GetByteArrayAsync($"/api/projects/{id}/history/{numbers[i]}/files/{Large}"));
        }
    }

    /// <summary>The server of an Api sleeps for two days in the middle of an upload; the other one removes what is left over.</summary>
    [Fact]
    public async Task An_upload_that_is_interrupted_until_its_object_is_removed_does_not_take_the_content_away()
    {
        await using Relay relay = new(new Uri($"http://127.0.0.1:{Store.Port}"));
        await using RunningApi slow = await RunningApi.StartAsync(
            ConnectionString, Fixture.Executor.Address, ObjectStoreServer.SettingsFor(relay.Port));
        await slow.WaitUntilHealthyAsync();
        using Visitor visitor = await Visitor.ArriveAsync(Api.Address);
        Guid id = await visitor.FirstProjectAsync();
        long number = await RecordAsync(visitor, id, Large, Noise(9));
        relay.Stall();
        Task<bool> moving = slow.Services.GetRequiredService<BlobMover>().MoveAsync(
            new BlobHash(System.Security.Cryptography.SHA256.HashData(Noise(9))), CancellationToken.None);
        await Eventually.TrueAsync(
            async () => await ScalarAsync<long>("select count(*) from unneeded_objects") == 1, "the upload has begun");
        await AgeObjectsAsync();
        // The other Api claims and removes the key, and moves the content itself.
        Assert.Equal(1, await Mover.MoveAsync(CancellationToken.None));
        Assert.Equal(0, await ScalarAsync<long>("select count(*) from unneeded_objects"));
        relay.Mend();
        Assert.False(await moving);
        // What the interrupted upload has left is known, and goes.
        await AgeObjectsAsync();
        await Mover.MoveAsync(CancellationToken.None);
        Assert.Equal(await NamedKeysAsync(), Store.Keys());
        Assert.Equal(Noise(9), await visitor.Http.GetByteArrayAsync($"/api/projects/{id}/history/{number}/files/{Large}"));
    }

    [Fact]
    public async Task Nothing_is_lost_while_contents_come_go_and_move_at_the_same_time()
    {
        using Visitor visitor = await Visitor.ArriveAsync(Api.Address);
        Guid id = await visitor.FirstProjectAsync();
        await using RunningApi other = await RunningApi.StartAsync(ConnectionString, Fixture.Executor.Address, Store.Settings);
        await other.WaitUntilHealthyAsync();
        using CancellationTokenSource done = new();
        Task[] background =
        [
            .. new[] { Api, other }.Select(api => RepeatAsync(
                () => api.Services.GetRequiredService<BlobMover>().MoveAsync(CancellationToken.None))),
            RepeatAsync(CleanUpAsync),
            RepeatAsync(AgeObjectsAsync),
        ];
        for (int round = 0; round < 60; round++)
        {
            // Three contents in turn; the revisions of the rounds before are forgotten, so each content comes and goes.
            long number = await RecordAsync(visitor, id, Large, Noise(round % 3));
            Assert.Equal(
                Noise(round % 3), await visitor.Http.GetByteArrayAsync($"/api/projects/{id}/history/{number}/files/{Large}"));
            await ExecuteAsync("delete from revisions where project_id = $1 and number < $2", id, number);
        }

        await done.CancelAsync();
        await Task.WhenAll(background);
        await Mover.MoveAsync(CancellationToken.None);
        Assert.Empty((await NamedKeysAsync()).Except(Store.Keys()));

        async Task RepeatAsync(Func<Task> work)
        {
            while (!done.IsCancellationRequested)
            {
                await work();
            }
        }
    }

    [Fact]
    public async Task An_object_that_somebody_has_removed_is_a_missing_file_and_nothing_else_breaks()
    {
        using Visitor visitor = await Visitor.ArriveAsync(Api.Address);
        Guid id = await visitor.FirstProjectAsync();
        long number = await RecordAsync(visitor, id, Large, Noise(7));
        Assert.Equal(1, await Mover.MoveAsync(CancellationToken.None));
        await Api.Services.GetRequiredService<ObjectStore>().RemoveAsync(Assert.Single(Store.Keys()), CancellationToken.None);
        Assert.Empty(Store.Keys());
        using HttpResponseMessage missing = await visitor.Http.GetAsync($"/api/projects/{id}/history/{number}/files/{Large}");
        await Visitor.ProblemOf(missing, HttpStatusCode.NotFound, "not_found");
        await visitor.GetAsync($"/api/projects/{id}/history/{number}");
    }

    /// <summary>Removes trees and blobs that no revision needs, as if a day had passed for each.</summary>
    private async Task CleanUpAsync()
    {
        ExpiredDataCleanup cleanup = Api.Services.GetRequiredService<ExpiredDataCleanup>();
        await ExecuteAsync("update discarded_trees set discarded_at = now() - interval '2 days'");
        await cleanup.RunAsync(CancellationToken.None);
        await ExecuteAsync("update discarded_blobs set discarded_at = now() - interval '2 days'");
        await cleanup.RunAsync(CancellationToken.None);
    }

    private Task AgeObjectsAsync() => ExecuteAsync("update unneeded_objects set since = now() - interval '2 days'");
}
