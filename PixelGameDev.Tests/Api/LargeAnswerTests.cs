using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.History;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Projects.Zip;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that clients that take large answers slowly hold a bounded part of the memory.</summary>
public sealed class LargeAnswerTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const int Megabyte = 1_000_000;

    /// <summary>Takes all places of an account, and asks for each kind of large answer.</summary>
    [Fact]
    public async Task Each_large_answer_waits_for_its_place_and_a_small_one_does_not()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.NewProjectAsync();
        byte[] picture = new byte[LargeAnswers.SmallAnswer + 1];
        Random.Shared.NextBytes(picture);
        picture[0] = 0x89;
        (await visitor.SaveAsync(id, "large.png", picture)).EnsureSuccessStatusCode();
        await fixture.Api.Services.GetRequiredService<RevisionRecorder>().RecordAsync(id, RevisionReason.Run, CancellationToken.None);
        long number = (await visitor.GetAsync($"/api/projects/{id}/history"))["revisions"]![0]!["number"]!.GetValue<long>();
        LargeAnswers answers = fixture.Api.Services.GetRequiredService<LargeAnswers>();
        DefaultHttpContext person = ContextOf(visitor.Id);
        IDisposable places = await answers.EnterAsync(person, LargeAnswers.PlacesPerAccount * Megabyte, CancellationToken.None);

        string[] urls =
        [
            Visitor.FileUrl(id, "large.png"), $"/api/projects/{id}/history/{number}/files/large.png", $"/api/projects/{id}/zip",
            $"/api/projects/{id}/zip/pygbag",
        ];
        Task<HttpResponseMessage>[] waiting = [.. urls.Select(url => visitor.Http.GetAsync(url))];
        await Eventually.TrueAsync(() => answers.WaitingOf(person) == urls.Length, "every large answer waits");
        Assert.All(waiting, static answer => Assert.False(answer.IsCompleted));
        Assert.NotEmpty(await visitor.Http.GetStringAsync(Visitor.FileUrl(id, "main.py")));
        places.Dispose();
        HttpResponseMessage[] all = await Task.WhenAll(waiting);
        Assert.All(all, static answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(picture, await all[0].Content.ReadAsByteArrayAsync());
        Assert.Equal(picture, await all[1].Content.ReadAsByteArrayAsync());
        // The answers have given their places back.
        await Eventually.TrueAsync(() => answers.FreeOf(person) == LargeAnswers.PlacesPerAccount, "all places are free");
    }

    [Fact]
    public async Task A_large_file_comes_in_parts_and_only_when_it_has_changed()
    {
        using Visitor visitor = await fixture.NewVisitorAsync();
        Guid id = await visitor.NewProjectAsync();
        byte[] sound = new byte[300_000];
        Random.Shared.NextBytes(sound);
        (await visitor.SaveAsync(id, "sound.ogg", sound)).EnsureSuccessStatusCode();
        using HttpRequestMessage part = new(HttpMethod.Get, Visitor.FileUrl(id, "sound.ogg"));
        part.Headers.Range = new RangeHeaderValue(100_000, 199_999);
        using HttpResponseMessage middle = await visitor.Http.SendAsync(part);
        Assert.Equal(HttpStatusCode.PartialContent, middle.StatusCode);
        Assert.Equal(sound[100_000..200_000], await middle.Content.ReadAsByteArrayAsync());
        using HttpRequestMessage again = new(HttpMethod.Get, Visitor.FileUrl(id, "sound.ogg"));
        again.Headers.IfNoneMatch.Add(middle.Headers.ETag!);
        using HttpResponseMessage same = await visitor.Http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }

    [Fact]
    public async Task A_class_of_thirty_behind_one_address_waits_for_its_pictures_and_gets_all()
    {
        using LargeAnswers answers = new();
        List<Task<IDisposable>> class30 =
        [
            .. Enumerable.Range(1, 30).SelectMany(pupil => Enumerable.Range(0, 20).Select(_ =>
                answers.EnterAsync(ContextOf(IdOf(pupil)), Megabyte, CancellationToken.None).AsTask())),
        ];
        Assert.Equal(LargeAnswers.PlacesPerAddress, class30.Count(static one => one.IsCompleted));
        int served = 0;
        while (class30.Count > 0)
        {
            Task<IDisposable> next = await Task.WhenAny(class30);
            class30.Remove(next);
            (await next).Dispose();
            served++;
        }

        Assert.Equal(600, served);
    }

    [Fact]
    public async Task All_addresses_together_hold_a_hundred_megabytes()
    {
        using LargeAnswers answers = new(TimeSpan.FromMilliseconds(300));
        List<IDisposable> places = [];
        for (int i = 0; i < LargeAnswers.PlacesTotal / LargeAnswers.PlacesPerAccount; i++)
        {
            DefaultHttpContext person = ContextOf(IdOf(i + 1), address: i + 1);
            places.Add(await answers.EnterAsync(person, LargeAnswers.PlacesPerAccount * Megabyte, CancellationToken.None));
        }

        DefaultHttpContext last = ContextOf(IdOf(99), address: 99);
        ProblemException refused =
            await Assert.ThrowsAsync<ProblemException>(async () => await answers.EnterAsync(last, Megabyte, CancellationToken.None));
        Assert.Equal((429, "too_many_downloads"), (refused.Status, refused.Code));
        places[0].Dispose();
        (await answers.EnterAsync(last, Megabyte, CancellationToken.None)).Dispose();
    }

    [Fact]
    public async Task A_slow_answer_ends_when_others_of_its_address_wait()
    {
        FakeTimeProvider time = new();
        using LargeAnswers answers = new(time: time);
        DefaultHttpContext slow = ContextOf(IdOf(1));
        DefaultHttpContext other = ContextOf(IdOf(2));
        IDisposable first = await answers.EnterAsync(slow, 20 * Megabyte, CancellationToken.None);
        using IDisposable second = await answers.EnterAsync(other, 20 * Megabyte, CancellationToken.None);
        await CopyAsync(answers.Open(slow, new byte[Megabyte]));

        Task<IDisposable> waiting =
            answers.EnterAsync(ContextOf(IdOf(3)), Megabyte, CancellationToken.None).AsTask();
        await Assert.ThrowsAsync<OperationCanceledException>(() => CopyAsync(answers.Open(slow, new byte[Megabyte])));
        NewFile file = new("a.png", new byte[Megabyte], Binary: true);
        Random.Shared.NextBytes(file.Content);
        await using (PacedOutput paced = new(new SlowOutput(time), answers.Watch(slow)))
        {
            await Assert.ThrowsAsync<OperationCanceledException>(
                () => ProjectZip.WriteAsync(new ZipFolder("game", [file]), paced, CancellationToken.None));
        }

        first.Dispose();
        (await waiting).Dispose();

        async Task CopyAsync(Stream content)
        {
            await using SlowOutput output = new(time);
            await using (content)
            {
                byte[] buffer = new byte[AnswerPace.Piece];
                int read;
                while ((read = await content.ReadAsync(buffer)) > 0)
                {
                    await output.WriteAsync(buffer.AsMemory(0, read));
                }
            }
        }
    }

    [Fact]
    public async Task A_fifth_download_of_everything_waits_and_ends_a_slow_one()
    {
        FakeTimeProvider time = new();
        using ExportPlaces exports = new(time: time);
        List<IDisposable> places = await FillAsync(exports);
        AnswerPace pace = exports.Watch(new DefaultHttpContext());
        time.Advance(TimeSpan.FromMinutes(1));
        pace.Check(100_000);
        ProblemException own =
            await Assert.ThrowsAsync<ProblemException>(() => exports.EnterAsync(IdOf(1), CancellationToken.None));
        Assert.Equal((429, "export_running"), (own.Status, own.Code));

        Task<IDisposable> waiting = exports.EnterAsync(IdOf(5), CancellationToken.None);
        Assert.Throws<OperationCanceledException>(() => pace.Check(100_000));
        pace.Check(Megabyte);
        places[0].Dispose();
        (await waiting).Dispose();
        (await exports.EnterAsync(IdOf(1), CancellationToken.None)).Dispose();
    }

    [Fact]
    public async Task A_download_of_everything_that_waits_in_vain_hears_that_others_download()
    {
        using ExportPlaces exports = new(TimeSpan.FromMilliseconds(300));
        List<IDisposable> places = await FillAsync(exports);
        ProblemException busy =
            await Assert.ThrowsAsync<ProblemException>(() => exports.EnterAsync(IdOf(5), CancellationToken.None));
        Assert.Equal((429, "exports_busy"), (busy.Status, busy.Code));
        places[0].Dispose();
        (await exports.EnterAsync(IdOf(5), CancellationToken.None)).Dispose();
    }

    private static async Task<List<IDisposable>> FillAsync(ExportPlaces exports)
    {
        List<IDisposable> places = [];
        for (int i = 1; i <= ExportPlaces.AtOnce; i++)
        {
            places.Add(await exports.EnterAsync(IdOf(i), CancellationToken.None));
        }

        return places;
    }

    private static Guid IdOf(int person) => new(person, 0, 0, new byte[8]);

    private static DefaultHttpContext ContextOf(Guid account, int address = 0)
    {
        ClaimsPrincipal person = new Account(account, "Ada", true, "creator").ToPrincipal("test");
        DefaultHttpContext context = new() { User = person };
        // The addresses of the fixture's visitors are those of this machine.
        context.Connection.RemoteIpAddress = address == 0 ? IPAddress.Loopback : new IPAddress([10, 0, 0, (byte)address]);
        return context;
    }

    /// <summary>Takes ten seconds for each piece.</summary>
    private sealed class SlowOutput(FakeTimeProvider time) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            return ValueTask.CompletedTask;
        }
    }
}
