using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Storage;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests the limits of stored bytes: for an account, for the installation and for one request.</summary>
public sealed class QuotaTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_full_account_says_what_to_do_and_the_trash_makes_room()
    {
        await using RunningApi api = await StartAsync("--GUEST_STORAGE_MB=1");
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid id = await visitor.FirstProjectAsync();
        (await visitor.SaveAsync(id, "one.bin", new byte[600_000])).EnsureSuccessStatusCode();
        using (HttpResponseMessage full = await visitor.SaveAsync(id, "two.bin", new byte[600_000]))
        {
            JsonNode problem = await Visitor.ProblemOf(full, HttpStatusCode.RequestEntityTooLarge, "storage_full");
            Assert.Contains("Delete files", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Contains("make an account", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        // Saving a smaller file, or the same content, always works.
        (await visitor.SaveAsync(id, "one.bin", new byte[600_000])).EnsureSuccessStatusCode();
        // A deleted file counts until its space is needed.
        (await visitor.Http.DeleteAsync(Visitor.FileUrl(id, "one.bin"))).EnsureSuccessStatusCode();
        Assert.True((await visitor.GetAsync("/api/me"))["storage"]!["used"]!.GetValue<long>() > 600_000);
        (await visitor.SaveAsync(id, "two.bin", new byte[600_000])).EnsureSuccessStatusCode();
        Assert.Empty((await visitor.GetAsync($"/api/projects/{id}/trash")).AsArray());

        // The quota has no room for both, so the server does not keep the replaced file. The answer says so.
        using HttpResponseMessage replaced = await visitor.Http.PutAsync(
            $"{Visitor.FileUrl(id, "two.bin")}?keepReplaced=true", new ByteArrayContent(new byte[700_000]));
        Assert.Null((await Visitor.JsonOf(replaced, HttpStatusCode.OK))["replaced"]);
    }

    [Fact]
    public async Task Only_as_much_of_the_trash_goes_as_is_needed_and_the_oldest_first()
    {
        await using RunningApi api = await StartAsync("--GUEST_STORAGE_MB=1");
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid id = await visitor.FirstProjectAsync();
        foreach (string path in new[] { "a.bin", "b.bin", "c.bin" })
        {
            (await visitor.SaveAsync(id, path, new byte[300_000])).EnsureSuccessStatusCode();
            (await visitor.Http.DeleteAsync(Visitor.FileUrl(id, path))).EnsureSuccessStatusCode();
        }

        (await visitor.SaveAsync(id, "d.bin", new byte[300_000])).EnsureSuccessStatusCode();
        Assert.Equal(["c.bin", "b.bin"], (await visitor.GetAsync($"/api/projects/{id}/trash")).AsArray()
            .Select(file => file!["path"]!.GetValue<string>()));
        // A write that cannot fit deletes nothing.
        using HttpResponseMessage full = await visitor.SaveAsync(id, "e.bin", new byte[900_000]);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, full.StatusCode);
        Assert.Equal(2, (await visitor.GetAsync($"/api/projects/{id}/trash")).AsArray().Count);
    }

    [Fact]
    public async Task Two_saves_at_once_do_not_pass_the_quota_together()
    {
        await using RunningApi api = await StartAsync("--GUEST_STORAGE_MB=1");
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid[] projects = [await visitor.FirstProjectAsync(), await visitor.NewProjectAsync()];
        HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            using HttpResponseMessage response = await visitor.SaveAsync(projects[i % 2], $"{i}.bin", new byte[300_000]);
            return response.StatusCode;
        }));
        Assert.Equal(3, answers.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(5, answers.Count(status => status == HttpStatusCode.RequestEntityTooLarge));
    }

    [Fact]
    public async Task A_full_installation_takes_nothing_new_and_loses_nothing()
    {
        await using RunningApi api = await StartAsync("--STORAGE_LIMIT_GB=1");
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid id = await visitor.FirstProjectAsync();
        InstallationStorage storage = api.Services.GetRequiredService<InstallationStorage>();
        storage.Add(1_000_000_000);
        using (HttpResponseMessage full = await visitor.SaveAsync(id, "one.txt", "text"))
        {
            await Visitor.ProblemOf(full, HttpStatusCode.InsufficientStorage, "installation_full");
        }

        using Visitor stranger = Visitor.Stranger(api.Address);
        using (HttpResponseMessage guest = await stranger.Http.PostAsync("/api/guests", null))
        {
            await Visitor.ProblemOf(guest, HttpStatusCode.InsufficientStorage, "installation_full");
        }

        Assert.NotEmpty(await visitor.Http.GetStringAsync(Visitor.FileUrl(id, "main.py")));
        await storage.RefreshAsync(CancellationToken.None);
        (await visitor.SaveAsync(id, "one.txt", "text")).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task A_write_counts_for_the_installation_when_it_is_committed()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid account = (await visitor.GetAsync("/api/me"))["id"]!.GetValue<Guid>();
        IServiceProvider services = fixture.Api.Services;
        NpgsqlDataSource database = services.GetRequiredService<NpgsqlDataSource>();
        // This instance is never started, so nothing reads the sum again in between.
        using InstallationStorage storage = new(
            database, services.GetRequiredService<StorageOptions>(), services.GetRequiredService<DatabaseMigrator>(), TimeProvider.System,
            new BackgroundWork(TimeProvider.System, NullLogger<BackgroundWork>.Instance));
        StorageQuota quota = new(services.GetRequiredService<StorageOptions>(), storage);

        await using (ProjectTransaction rolledBack = await ProjectTransaction.BeginAsync(database, account, CancellationToken.None))
        {
            await quota.MakeRoomAsync(rolledBack, 1_000, CancellationToken.None);
        }

        Assert.Equal(0, storage.Used);
        await using ProjectTransaction change = await ProjectTransaction.BeginAsync(database, account, CancellationToken.None);
        await quota.MakeRoomAsync(change, 1_000, CancellationToken.None);
        Assert.Equal(0, storage.Used);
        await change.CommitAsync(CancellationToken.None);
        Assert.Equal(1_000, storage.Used);
    }

    /// <summary>Tests that only files may be large: the server refuses a JSON body of megabytes before it reads it into memory.</summary>
    [Theory]
    [InlineData("POST", "/api/projects")]
    [InlineData("PATCH", "/api/projects/{id}")]
    [InlineData("POST", "/api/sessions")]
    [InlineData("POST", "/api/account/sign-in")]
    [InlineData("POST", "/api/account/sign-up")]
    [InlineData("POST", "/api/projects/{id}/trash/00000000-0000-0000-0000-000000000000/restore")]
    public async Task A_large_JSON_body_is_refused(string method, string url)
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        url = url.Replace("{id}", $"{await visitor.FirstProjectAsync()}", StringComparison.Ordinal);
        using HttpRequestMessage request = new(new HttpMethod(method), url)
        {
            Content = JsonContent.Create(new { name = new string('x', 70_000), password = "x" }),
        };
        using HttpResponseMessage response = await visitor.Http.SendAsync(request);
        await Visitor.ProblemOf(response, HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    private async Task<RunningApi> StartAsync(params string[] settings)
    {
        RunningApi api = await RunningApi.StartAsync(await fixture.CreateDatabaseAsync(), null, settings);
        await api.WaitUntilHealthyAsync();
        return api;
    }
}
