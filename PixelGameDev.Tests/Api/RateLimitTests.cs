using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects.Zip;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Tests.Api;

public sealed class RateLimitTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Run_is_limited_by_person_then_by_address()
    {
        await using RunningApi api = await StartAsync("--RUNS_PER_MINUTE=1", "--PEOPLE_PER_ADDRESS=2", "--GUESTS_PER_MINUTE=100");
        using Visitor first = await Visitor.ArriveAsync(api.Address);
        using Visitor second = await Visitor.ArriveAsync(api.Address);
        using Visitor third = await Visitor.ArriveAsync(api.Address);

        Assert.Equal(HttpStatusCode.Created, await RunAsync(first));
        using (HttpResponseMessage again = await PressRunAsync(first))
        {
            JsonNode problem = await Visitor.ProblemOf(again, HttpStatusCode.TooManyRequests, "too_fast");
            Assert.Contains("Run", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.InRange(again.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        }

        // The refused run took nothing from the other people of this address. The second person gets the second place.
        Assert.Equal(HttpStatusCode.Created, await RunAsync(second));
        Assert.Equal(HttpStatusCode.TooManyRequests, await RunAsync(third));
        using Visitor elsewhere = await Visitor.ArriveAsync(api.Address);
        elsewhere.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        Assert.Equal(HttpStatusCode.Created, await RunAsync(elsewhere));

        // Other requests still work.
        await first.GetAsync("/api/sessions");
        using HttpResponseMessage saved = await first.SaveAsync(await first.FirstProjectAsync(), "main.py", "print(1)");
        Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
    }

    [Fact]
    public async Task New_guests_are_limited_by_address_and_known_people_are_not()
    {
        await using RunningApi api = await StartAsync("--GUESTS_PER_MINUTE=1", "--PEOPLE_PER_ADDRESS=1");
        using Visitor first = await Visitor.ArriveAsync(api.Address);
        using Visitor second = Visitor.Stranger(api.Address);
        using (HttpResponseMessage refused = await second.Http.PostAsync("/api/guests", null))
        {
            await Visitor.ProblemOf(refused, HttpStatusCode.TooManyRequests, "too_fast");
            Assert.False(refused.Headers.Contains("Set-Cookie"));
        }

        Assert.Equal(first.Id, (await first.GetAsync("/api/me"))["id"]!.GetValue<Guid>());
        await second.GetAsync("/api/templates");
    }

    [Fact]
    public async Task Sign_ins_are_limited_by_address_whatever_the_name()
    {
        await using RunningApi api = await StartAsync("--SIGN_INS_PER_MINUTE=1", "--PEOPLE_PER_ADDRESS=1");
        using Visitor stranger = Visitor.Stranger(api.Address);
        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync("sign-in", "Somebody"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await TryAsync("sign-in", "Somebody Else"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await TryAsync("token", "A Third"));

        async Task<HttpStatusCode> TryAsync(string action, string name)
        {
            using HttpResponseMessage response =
                await stranger.Http.PostAsJsonAsync($"/api/account/{action}", new { name, password = "not the one" });
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Writes_are_limited_by_person()
    {
        await using RunningApi api = await StartAsync("--WRITES_PER_MINUTE=1");
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid project = await visitor.FirstProjectAsync();
        using HttpResponseMessage saved = await visitor.SaveAsync(project, "main.py", "print(1)");
        Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
        using HttpResponseMessage refused = await visitor.SaveAsync(project, "main.py", "print(2)");
        await Visitor.ProblemOf(refused, HttpStatusCode.TooManyRequests, "too_fast");
        Assert.Equal("print(1)", await visitor.Http.GetStringAsync(Visitor.FileUrl(project, "main.py")));
    }

    [Fact]
    public async Task Reads_are_limited_by_person_and_health_is_not()
    {
        await using RunningApi api = await StartAsync("--READS_PER_MINUTE=5");
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        for (int i = 0; i < 5; i++)
        {
            await visitor.GetAsync("/api/projects");
        }

        using HttpResponseMessage refused = await visitor.Http.GetAsync("/api/projects");
        await Visitor.ProblemOf(refused, HttpStatusCode.TooManyRequests, "too_fast");
        await visitor.GetAsync("/api/health");
        using Visitor other = await Visitor.ArriveAsync(api.Address);
        await other.GetAsync("/api/projects");
    }

    /// <summary>Tests that the limit of the address applies first. To find the account of a cookie takes a database query.</summary>
    [Fact]
    public async Task An_address_that_asks_too_much_is_refused_before_anybody_asks_who_it_is()
    {
        await using RunningApi api = await StartAsync("--READS_PER_MINUTE=3", "--PEOPLE_PER_ADDRESS=1");
        using Visitor stranger = Visitor.Stranger(api.Address);
        stranger.Http.DefaultRequestHeaders.Add("Cookie", $"pixel_visitor={new string('A', 43)}");
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage asked = await stranger.Http.GetAsync("/api/me");
            Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
        }

        using HttpResponseMessage refused = await stranger.Http.GetAsync("/api/me");
        await Visitor.ProblemOf(refused, HttpStatusCode.TooManyRequests, "too_fast");
    }

    [Fact]
    public async Task Bytes_that_are_saved_are_limited_by_person()
    {
        await using RunningApi api = await StartAsync("--WRITE_MB_PER_MINUTE=5");
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid project = await visitor.FirstProjectAsync();
        using HttpResponseMessage saved = await visitor.SaveAsync(project, "one.bin", new byte[3_000_000]);
        Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
        using HttpResponseMessage refused = await visitor.SaveAsync(project, "two.bin", new byte[3_000_000]);
        await Visitor.ProblemOf(refused, HttpStatusCode.TooManyRequests, "too_many_bytes");
        using HttpResponseMessage small = await visitor.SaveAsync(project, "main.py", "print(1)");
        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
    }

    [Fact]
    public async Task A_person_uploads_few_large_files_at_once_and_the_others_wait_for_a_place()
    {
        using RequestBudgets budgets = new(fixture.Api.Services.GetRequiredService<RateLimitOptions>());
        DefaultHttpContext context = new();
        context.Request.ContentLength = RequestBudgets.SmallBody + 1;
        List<IDisposable> places = [];
        for (int i = 0; i < RequestBudgets.UploadsPerAccount; i++)
        {
            places.Add(await budgets.EnterSaveAsync(context, CancellationToken.None));
        }

        Task<IDisposable> waiting = budgets.EnterSaveAsync(context, CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        DefaultHttpContext small = new();
        small.Request.ContentLength = RequestBudgets.SmallBody;
        (await budgets.EnterSaveAsync(small, CancellationToken.None)).Dispose();
        places[0].Dispose();
        (await waiting).Dispose();
    }

    [Fact]
    public async Task A_batch_takes_the_places_of_four_uploads_and_at_most_the_bytes_of_a_minute()
    {
        RateLimitOptions options = fixture.Api.Services.GetRequiredService<RateLimitOptions>() with { Enabled = true, WriteMegabytes = 5 };
        using RequestBudgets budgets = new(options, TimeSpan.FromMilliseconds(50));
        DefaultHttpContext context = new();
        context.Request.ContentLength = RequestBudgets.SmallBody + 1;
        using (await budgets.EnterBatchAsync(context, CancellationToken.None))
        {
            await Assert.ThrowsAsync<ProblemException>(async () => await budgets.EnterSaveAsync(context, CancellationToken.None));
        }

        (await budgets.EnterSaveAsync(context, CancellationToken.None)).Dispose();
        budgets.ChargeBytes(context, 20_000_000);
        Assert.Equal("too_many_bytes", Assert.Throws<ProblemException>(() => budgets.ChargeBytes(context, 1_000_000)).Code);
    }

    [Fact]
    public async Task An_upload_that_waits_in_vain_is_told_so_and_slow_ones_learn_that_others_wait()
    {
        RateLimitOptions options = fixture.Api.Services.GetRequiredService<RateLimitOptions>();
        using RequestBudgets budgets = new(options, TimeSpan.FromMilliseconds(50));
        List<IDisposable> places = [];
        for (int i = 0; i < RequestBudgets.UploadsPerAddress; i++)
        {
            places.Add(await budgets.EnterSaveAsync(UploadOf(i / RequestBudgets.UploadsPerAccount), CancellationToken.None));
        }

        DefaultHttpContext other = UploadOf(99);
        Assert.False(budgets.OthersWait(other));
        ValueTask<IDisposable> waiting = budgets.EnterSaveAsync(other, CancellationToken.None);
        Assert.True(budgets.OthersWait(UploadOf(0)));
        ProblemException refused = await Assert.ThrowsAsync<ProblemException>(async () => await waiting);
        Assert.Equal((429, "too_many_uploads"), (refused.Status, refused.Code));
        Assert.False(budgets.OthersWait(UploadOf(0)));
        // The refused upload has left the queue, and a returned place goes to the next upload.
        places[0].Dispose();
        (await budgets.EnterSaveAsync(other, CancellationToken.None)).Dispose();
    }

    [Fact]
    public async Task A_slow_zip_gives_its_places_to_uploads_that_wait()
    {
        FakeTimeProvider time = new();
        RateLimitOptions options = fixture.Api.Services.GetRequiredService<RateLimitOptions>();
        using RequestBudgets budgets = new(options, time: time);
        DefaultHttpContext import = UploadOf(0);
        List<IDisposable> places = [];
        for (int i = 0; i < RequestBudgets.UploadsPerAddress / RequestBudgets.UploadsPerBatch; i++)
        {
            places.Add(await budgets.EnterBatchAsync(UploadOf(i), CancellationToken.None));
        }

        await using SlowStream alone = new(time, bytes: 1_000_000, TimeSpan.FromSeconds(2));
        import.Request.Body = alone;
        Assert.Equal(1_000_000, (await ZipApi.ReadBodyAsync(import, budgets, CancellationToken.None)).Length);

        Task<IDisposable> waiting = budgets.EnterSaveAsync(UploadOf(99), CancellationToken.None).AsTask();
        await using SlowStream slow = new(time, bytes: 1_000_000, TimeSpan.FromSeconds(2));
        import.Request.Body = slow;
        ProblemException ended =
            await Assert.ThrowsAsync<ProblemException>(() => ZipApi.ReadBodyAsync(import, budgets, CancellationToken.None));
        Assert.Equal((408, "upload_too_slow"), (ended.Status, ended.Code));
        places[0].Dispose();
        (await waiting).Dispose();
    }

    [Theory]
    [InlineData(10_000, 14, false)]
    [InlineData(10_000, 16, true)]
    [InlineData(900_000, 16, false)]
    [InlineData(900_000, 20, true)]
    public void An_upload_is_too_slow_below_50_kilobytes_a_second_after_a_quarter_of_a_minute(long bytes, int seconds, bool expected) =>
        Assert.Equal(expected, UploadPace.IsTooSlow(bytes, TimeSpan.FromSeconds(seconds)));

    [Fact]
    public async Task A_class_of_thirty_behind_one_address_notices_nothing()
    {
        await using RunningApi api = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 30).Select(async _ =>
        {
            using Visitor pupil = await Visitor.ArriveAsync(api.Address);
            Guid project = await pupil.FirstProjectAsync();
            for (int i = 0; i < 3; i++)
            {
                using HttpResponseMessage saved = await pupil.SaveAsync(project, "main.py", $"print({i})");
                Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
                Assert.Equal(HttpStatusCode.Created, await RunAsync(pupil));
            }
        }));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "20010db800010002")]
    public void An_address_is_counted_as_its_customer(string address, string expected) =>
        Assert.Equal(expected, RateLimits.KeyOf(IPAddress.Parse(address)));

    private static DefaultHttpContext UploadOf(int account)
    {
        Account person = new(new Guid(account, 0, 0, new byte[8]), "Ada", true, "creator");
        DefaultHttpContext context = new() { User = person.ToPrincipal("test") };
        context.Request.ContentLength = RequestBudgets.SmallBody + 1;
        return context;
    }

    private static async Task<HttpStatusCode> RunAsync(Visitor visitor)
    {
        using HttpResponseMessage response = await PressRunAsync(visitor);
        return response.StatusCode;
    }

    private static async Task<HttpResponseMessage> PressRunAsync(Visitor visitor) =>
        await visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = await visitor.FirstProjectAsync() });

    private async Task<RunningApi> StartAsync(params string[] settings)
    {
        RunningApi api = await RunningApi.StartAsync(fixture.ConnectionString, fixture.Executor.Address, ["--RATE_LIMITS=on", .. settings]);
        await api.WaitUntilHealthyAsync();
        return api;
    }

    /// <summary>Gives 10 kB with each read, and each read takes some time.</summary>
    private sealed class SlowStream(FakeTimeProvider time, int bytes, TimeSpan pause) : MemoryStream(new byte[bytes])
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            time.Advance(pause);
            return base.ReadAsync(buffer[..10_000], cancellationToken);
        }
    }
}
