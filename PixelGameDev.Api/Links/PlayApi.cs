using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using PixelGameDev.Api.Access;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Gallery;
using PixelGameDev.Api.History;
using PixelGameDev.Api.History.Pictures;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Recordings;
using PixelGameDev.Api.SavedFiles;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;
using PixelGameDev.Api.Sessions;
using PixelGameDev.Api.Sessions.Records;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Api.Links;

/// <summary>
/// Maps the endpoints behind a link, for anybody who has its code. They know a game by the code only: the id of the project opens nothing.
/// </summary>
internal static class PlayApi
{
    public static IEndpointRouteBuilder MapPlayApi(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder play = routes.MapGroup("/api/play/{code}").WithTags("Shared games")
            .WithNotFound()
            .WithProblems(StatusCodes.Status410Gone, "link_ended");
        play.MapGet("/", Show)
            .WithProblems(StatusCodes.Status503ServiceUnavailable, "history_away")
            .WithSummary("What a link shows. Nobody needs an account for it.");
        play.MapGet("/recordings/{hash}", ReadRecording)
            .SendsRecording()
            .WithSummary("The file of the recording that shows the game, which never changes.");
        play.MapGet("/pictures/{hash}", ReadPicture)
            .Produces<byte[]>(StatusCodes.Status200OK, "image/png")
            .WithSummary("How the game looked at the end of its last run.");
        play.MapPost("/guest", CreateGuest)
            .LimitNewGuests()
            .WithProblems(StatusCodes.Status403Forbidden, "guests_off")
            .WithProblems(StatusCodes.Status507InsufficientStorage, "installation_full")
            .WithSummary(
                "A guest without a cookie, for a game inside of another website: the access token is the only way to it and is valid for " +
                "an hour.");
        play.MapPost("/sessions", Start)
            .RequireAuthorization()
            .WithStartProblems()
            .WithProblems(StatusCodes.Status503ServiceUnavailable, "history_away")
            .WithSummary("Runs the shared game. The session is the caller's, with the caller's limits.");
        play.MapGet("/saved", ListSaved).RequireAuthorization().WithSummary("The files that the shared game has saved for this player.");
        play.MapDelete("/saved", ResetSaved)
            .RequireAuthorization()
            .LimitRate(LimitedAction.Write)
            .WithSummary("Deletes what the shared game has saved for this player.");
        play.MapGet("/files", ListFiles).WithSummary("The files of the shared game, if its link is with code.");
        play.MapGet("/files/{**path}", ReadFile)
            .Produces<byte[]>(StatusCodes.Status200OK, "text/plain", "application/octet-stream")
            .WithProblems(StatusCodes.Status400BadRequest, "bad_path")
            .WithProblems(StatusCodes.Status429TooManyRequests, "too_many_downloads")
            .WithProblems(StatusCodes.Status503ServiceUnavailable, "history_away")
            .WithSummary("Content of a file of the shared game, if its link is with code.");
        play.MapPost("/copy", Copy)
            .RequireAuthorization()
            .LimitRate(LimitedAction.Write)
            .WithProblems(StatusCodes.Status409Conflict, "too_many_projects")
            .WithStorageProblems()
            .WithProblems(StatusCodes.Status503ServiceUnavailable, "history_away")
            .WithSummary("Copies the shared game into the caller's projects, if its link is with code.");
        return routes;
    }

    private static async Task<Ok<SharedGame>> Show(
        string code, ClaimsPrincipal user, LinkStore links, HistoryStore history, LikeStore likes, FamilyStore families,
        GalleryOptions gallery, CancellationToken cancellationToken)
    {
        Account? caller = user.TryAccount();
        OpenedLink link = await links.OpenAsync(code, caller?.Id, AccessLevel.View, cancellationToken);
        IReadOnlyList<string> keys = [];
        if (link.Controls is null && link.Files.IndexOf(link.Files.Entry) is >= 0 and var entry)
        {
            keys = TouchControls.FindKeys(
                Encoding.UTF8.GetString(await history.ReadBlobAsync(new BlobHash(link.Files.Hashes[entry]), cancellationToken)));
        }

        GameLikes? liked = gallery.Mode == GalleryModes.Off ? null : await likes.FindAsync(caller?.Id, link, cancellationToken);
        return TypedResults.Ok(new SharedGame(
            link.Title, link.Maker, link.Access >= AccessLevel.Run, TouchControls.Parse(link.Controls), keys, link.EndsAt,
            link.Recording?.Name, link.HowToPlay is { Length: > 0 } text ? text : null, liked?.Likes, liked is { Liked: true },
            await families.FindOriginalAsync(link.Project, gallery.IsVisibleTo(caller), cancellationToken)));
    }

    private static async Task<FileStreamHttpResult> ReadRecording(
        string code, string hash, HttpContext context, LinkStore links, RecordingStore recordings, LargeAnswers answers,
        CancellationToken cancellationToken)
    {
        OpenedLink link = await links.OpenAsync(code, context.User.TryAccount()?.Id, AccessLevel.View, cancellationToken);
        // The owner's other recordings are nobody else's.
        return link.Recording is { } shown && shown.Name == hash
            ? await RecordingsApi.SendAsync(shown, context, recordings, answers, cancellationToken)
            : throw Problem.NotFound("recording");
    }

    private static async Task<FileContentHttpResult> ReadPicture(
        string code, string hash, HttpContext context, LinkStore links, PictureStore pictures, CancellationToken cancellationToken)
    {
        OpenedLink link = await links.OpenAsync(code, context.User.TryAccount()?.Id, AccessLevel.View, cancellationToken);
        byte[] png = link.Picture is { } shown && Convert.ToHexStringLower(shown) == hash
            ? await pictures.FindSharedAsync(link.Project, shown, cancellationToken) ?? throw Problem.NotFound("picture")
            : throw Problem.NotFound("picture");
        ProjectsApi.GuardContent(context.Response.Headers);
        return TypedResults.Bytes(png, "image/png", entityTag: new EntityTagHeaderValue($"\"{hash}\""));
    }

    private static async Task<Created<AccessToken>> CreateGuest(
        string code, LinkStore links, AccountStore accounts, AccessTokens tokens, AccountOptions options,
        CancellationToken cancellationToken)
    {
        await links.OpenAsync(code, null, AccessLevel.Play, cancellationToken);
        AccountsApi.CheckGuestsAllowed(options);
        Account guest = await accounts.CreateGuestAsync(null, null, cancellationToken);
        return TypedResults.Created("/api/me", tokens.Mint(guest.Id, 0));
    }

    private static async Task<CreatedAtRoute<StartedSession>> Start(
        string code, StartSharedBody? body, ClaimsPrincipal user, LinkStore links, SessionStarter starter, SessionStore store,
        IBlobStore blobs, CancellationToken cancellationToken)
    {
        Guid player = user.AccountId();
        OpenedLink link = await links.OpenAsync(code, player, AccessLevel.Play, cancellationToken);
        StartedSession started = await starter.StartAsync(player, body?.Id, new SessionSource(
            link.Project, link.Files,
            (id, place) => store.BeginByLinkAsync(id, player, link, place, blobs, CancellationToken.None)));
        return TypedResults.CreatedAtRoute(started, "ReadSession", new { id = started.Id });
    }

    private static async Task<Ok<SavedFileList>> ListSaved(
        string code, ClaimsPrincipal user, LinkStore links, SavedFileStore saved, CancellationToken cancellationToken)
    {
        Guid player = user.AccountId();
        OpenedLink link = await links.OpenAsync(code, player, AccessLevel.Play, cancellationToken);
        return TypedResults.Ok(new SavedFileList(
            await saved.ListAsync(player, link.Project, link.Files, cancellationToken), SavedFileRules.MaxBytes, SavedFileRules.MaxFiles));
    }

    private static async Task<NoContent> ResetSaved(
        string code, ClaimsPrincipal user, LinkStore links, SavedFileStore saved, CancellationToken cancellationToken)
    {
        Guid player = user.AccountId();
        OpenedLink link = await links.OpenAsync(code, player, AccessLevel.Play, cancellationToken);
        await saved.ResetAsync(player, link.Project, null, link.Access == AccessLevel.Edit, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<SharedFiles>> ListFiles(
        string code, ClaimsPrincipal user, LinkStore links, CancellationToken cancellationToken)
    {
        OpenedLink link = await links.OpenAsync(code, user.TryAccount()?.Id, AccessLevel.Run, cancellationToken);
        return TypedResults.Ok(new SharedFiles(
            link.Files.Entry, [.. link.Files.Paths.Select((path, i) => new SharedFile(path, link.Files.Binaries[i]))]));
    }

    private static async Task<FileStreamHttpResult> ReadFile(
        string code, string path, HttpContext context, LinkStore links, HistoryStore history, LargeAnswers answers,
        CancellationToken cancellationToken)
    {
        OpenedLink link = await links.OpenAsync(code, context.User.TryAccount()?.Id, AccessLevel.Run, cancellationToken);
        string checkedPath = ProjectsApi.PathOf(path);
        int index = link.Files.IndexOf(checkedPath);
        if (index < 0)
        {
            throw Problem.NotFound("file");
        }

        BlobHash hash = new(link.Files.Hashes[index]);
        await answers.ReserveAsync(context, await history.BlobSizeAsync(hash, cancellationToken), cancellationToken);
        byte[] content = await history.ReadBlobAsync(hash, cancellationToken);
        ProjectsApi.GuardContent(context.Response.Headers);
        return TypedResults.Stream(answers.Open(context, content), FileKinds.MediaType(checkedPath, link.Files.Binaries[index]));
    }

    private static async Task<Created<CopiedGame>> Copy(
        string code, HttpContext context, LinkStore links, SharedCopies copies, RequestBudgets budgets,
        CancellationToken cancellationToken)
    {
        Guid account = context.User.AccountId();
        OpenedLink link = await links.OpenAsync(code, account, AccessLevel.Run, cancellationToken);
        // A copy writes as many bytes as an upload of the files.
        budgets.ChargeBytes(context, link.Files.Bytes);
        Guid id = await copies.CopyAsync(account, link, cancellationToken);
        return TypedResults.Created($"/api/projects/{id}", new CopiedGame(id));
    }

    /// <summary>Body of a start, which may be missing: see <see cref="StartSessionBody"/>.</summary>
    internal sealed record StartSharedBody(Guid? Id = null);

    /// <summary>The answer to a copy: the id of the caller's new project.</summary>
    internal sealed record CopiedGame(Guid Id);
}
