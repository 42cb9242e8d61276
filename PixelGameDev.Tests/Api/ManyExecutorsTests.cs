using System.Net;
using System.Net.Http.Json;
using PixelGameDev.Executor.Sessions;
using PixelGameDev.Tests.Executor;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests three real Executors behind one real Api: where sessions go, also when one is drained or lost.</summary>
public sealed class ManyExecutorsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Sessions_go_where_places_are_free_and_not_to_an_executor_that_is_drained_or_lost()
    {
        await using ExecutorHost small = await StartExecutorAsync(8);
        await using ExecutorHost large = await StartExecutorAsync(200);
        await using ExecutorHost lost = await StartExecutorAsync(12);
        await using RunningApi api = await RunningApi.StartAsync(
            postgres.ConnectionString, small.Address, $"--EXECUTOR_SECRET_KEY={ExecutorHost.Secret}",
            $"--services:executor-2:http:0={large.Address}", $"--services:executor-3:http:0={lost.Address}");
        await api.WaitUntilHealthyAsync();
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid project = await visitor.FirstProjectAsync();
        await UntilSaidAsync(api, "healthy");

        // Nine of ten free places are on the large one.
        await StartAsync(visitor, project, 34);
        Assert.Equal(34, Active(small) + Active(large) + Active(lost));
        Assert.True(Active(large) > 17, $"{Active(large)} of 34 on the large one");
        await StopAllAsync(visitor, small, large, lost);

        (await large.Client.PostAsync("/operations/drain", null)).EnsureSuccessStatusCode();
        await StartAsync(visitor, project, 10);
        Assert.Equal((10, 0), (Active(small) + Active(lost), Active(large)));
        (await large.Client.PostAsync("/operations/resume", null)).EnsureSuccessStatusCode();

        await lost.StopAsync();
        await UntilSaidAsync(api, "unhealthy");
        await StartAsync(visitor, project, 20);
        Assert.True(Active(large) >= 12, $"{Active(large)} on the large one");
        await StopAllAsync(visitor, small, large);
    }

    private static Task<ExecutorHost> StartExecutorAsync(int places) => ExecutorHost.StartScriptedAsync(
        new ScriptedSandboxFactory(), new() { ["MAX_CONCURRENT_SESSIONS"] = $"{places}", ["SANDBOX_WARM"] = "0" });

    private static int Active(ExecutorHost executor) => executor.Get<SessionRegistry>().Active;

    private static async Task StartAsync(Visitor visitor, Guid project, int sessions)
    {
        for (int i = 0; i < sessions; i++)
        {
            using HttpResponseMessage answer = await visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = project });
            await Visitor.JsonOf(answer, HttpStatusCode.Created);
        }
    }

    private static async Task StopAllAsync(Visitor visitor, params ExecutorHost[] executors)
    {
        foreach (Guid id in executors.SelectMany(static executor => executor.Get<SessionRegistry>().ActiveIds))
        {
            (await visitor.Http.PostAsync($"/api/sessions/{id}/stop", null)).EnsureSuccessStatusCode();
        }

        await Eventually.TrueAsync(() => executors.All(static executor => Active(executor) == 0), "all sessions have ended");
    }

    private static async Task UntilSaidAsync(RunningApi api, string state)
    {
        using HttpClient client = new() { BaseAddress = api.Address };
        await Eventually.TrueAsync(
            async () => (await client.GetStringAsync("/api/health")).Contains($"\"executor\":\"{state}\"", StringComparison.Ordinal),
            $"the Api says that an Executor is {state}");
    }
}
