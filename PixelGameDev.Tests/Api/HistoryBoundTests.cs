using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using PixelGameDev.Api.History;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that the history stays within its bounds whatever records a revision.</summary>
public sealed class HistoryBoundTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const int NoiseBytes = 400_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_restore_or_an_upload_keeps_counts_at_once(bool restores)
    {
        string database = await fixture.CreateDatabaseAsync();
        await using RunningApi api = await RunningApi.StartAsync(database, null, "--GUEST_STORAGE_MB=1");
        await api.WaitUntilHealthyAsync();
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid id = await visitor.FirstProjectAsync();
        long before = 0;
        for (int i = 0; i < 6; i++)
        {
            byte[] noise = new byte[NoiseBytes];
            new Random(i).NextBytes(noise);
            using HttpResponseMessage saved = await visitor.Http.PutAsync(
                $"{Visitor.FileUrl(id, "noise.bin")}?keepReplaced=true", new ByteArrayContent(noise));
            saved.EnsureSuccessStatusCode();
            if (restores)
            {
                using HttpResponseMessage restored = await visitor.Http.PostAsJsonAsync($"/api/projects/{id}/history/1/restore", new { });
                restored.EnsureSuccessStatusCode();
                before = JsonNode.Parse(await restored.Content.ReadAsStringAsync())!["before"]!.GetValue<long>();
            }
        }

        // A megabyte has room for two of these. The first and the last revision stay in any case.
        long kept = await ScalarAsync(database, "select sum(new_bytes)::bigint from revisions where project_id = $1", id);
        Assert.InRange(kept, NoiseBytes, 3 * NoiseBytes);
        if (restores)
        {
            // The last restore can be taken back.
            (await visitor.Http.GetAsync($"/api/projects/{id}/history/{before}/files/noise.bin")).EnsureSuccessStatusCode();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_number_of_revisions_has_a_bound_at_once(bool restores)
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.FirstProjectAsync();
        (await visitor.SaveAsync(id, "main.py", "mine = 1\n")).EnsureSuccessStatusCode();
        await ScalarAsync(
            fixture.ConnectionString,
            $"""
            with more as (
                insert into revisions (project_id, number, reason, tree_hash)
                select r.project_id, n, 'run', r.tree_hash from revisions r, generate_series(2, {HistoryThinning.MaxRevisions + 100}) n
                where r.project_id = $1 and r.number = 1),
            raised as (
                update projects set revision = {HistoryThinning.MaxRevisions + 200} where id = $1)
            select 0::bigint
            """,
            id);
        using HttpResponseMessage changed = restores
            ? await visitor.Http.PostAsJsonAsync($"/api/projects/{id}/history/1/restore", new { })
            : await visitor.Http.PutAsync($"{Visitor.FileUrl(id, "main.py")}?keepReplaced=true", new StringContent("mine = 2\n"));
        changed.EnsureSuccessStatusCode();
        Assert.InRange(
            await ScalarAsync(fixture.ConnectionString, "select count(*) from revisions where project_id = $1", id),
            1, HistoryThinning.MaxRevisions);
    }

    private static async Task<long> ScalarAsync(string connectionString, string sql, Guid id)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(connectionString);
        await using NpgsqlCommand command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = id });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
