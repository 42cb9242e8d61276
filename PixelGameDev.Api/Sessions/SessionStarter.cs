using PixelGameDev.Api.History;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Recordings;
using PixelGameDev.Api.SavedFiles;
using PixelGameDev.Api.Sessions.Execution;
using PixelGameDev.Api.Sessions.Records;
using PixelGameDev.Api.Watching;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Api.Sessions;

/// <summary>What a session runs.</summary>
/// <param name="Project">The project.</param>
/// <param name="Files">The revision whose files run; null: the files that the owner edits.</param>
/// <param name="BeginAsync">Records the session with this id at this Executor, and reads the files. Asks the access policy.</param>
internal sealed record SessionSource(Guid Project, RevisionFiles? Files, Func<Guid, string, Task<RunnableProject>> BeginAsync);

/// <summary>Starts sessions: of a project by its owner, and of a shared game by anybody who has the link.</summary>
/// <remarks>
/// A session belongs to the account that starts it, and so do its limits: how many run at once, for how long, and how much they save.
/// </remarks>
internal sealed class SessionStarter(
    SessionStore store, SavedFileCollector saved, PendingSessionRegistry pending, ExecutorClient executor, SessionWatcher watcher,
    RecordingOptions recordings, InvitationStore invitations)
{
    /// <summary>Starts a session.</summary>
    /// <param name="account">The player.</param>
    /// <param name="chosenId">The id that the page has chosen; null: the server chooses one.</param>
    /// <param name="source">What to run.</param>
    /// <exception cref="ProblemException">400, 404, 409, 413, 429, 503</exception>
    public async Task<StartedSession> StartAsync(Guid account, Guid? chosenId, SessionSource source)
    {
        Guid id = chosenId ?? Guid.CreateVersion7();
        if (chosenId is not null && !PendingSessionRegistry.IsChoosable(id))
        {
            throw Problem.Invalid("bad_session_id", "Not a session id",
                "A session id is a random UUID (version 4). Leave it out, and the server chooses one.");
        }

        using PendingSessionRegistry.PendingStart start = pending.Begin(account, id);
        if (start.StopRequested)
        {
            throw Stopped();
        }

        IReadOnlyList<string> places = executor.ChooseInOrder(id);
        // The start continues when the person closes the page: an unfinished sandbox costs more than one that ends idle. The record comes
        // first, so that every session of an Executor can be watched and stopped.
        Task<RunnableProject> reading = source.BeginAsync(id, places[0]);
        Task<SavedForRun> readingSaved = saved.ReadForRunAsync(account, source.Project, id, source.Files, reading);
        RunnableProject project = await reading;
        try
        {
            // The watcher's next round records the answer, so this request does not wait for a write.
            (string place, (SessionInfo session, string? incarnation)) =
                await StartAtOneAsync(places, CreateRequest(id, account, project, await readingSaved, source));
            watcher.MarkStarted(id, place, incarnation);
            start.Complete(new SessionPlace(place));
            if (start.StopRequested)
            {
                await SessionsApi.StopNowAsync(id, place, store, executor, account);
            }

            return new StartedSession(
                id, session.State, session.Sandbox, session.Warm, $"/api/sessions/{id}/stream", project.Invitation?.Code);
        }
        catch (ProblemException problem)
        {
            if (project.Invitation is { } invitation)
            {
                await invitations.ReturnAsync(id, invitation.Before, CancellationToken.None);
            }

            await store.EndAsync([id], EndReasons.NotStarted, problem.Detail, problem.Code, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Lays the saved files of the player over the files of the project.</summary>
    private StartSessionRequest CreateRequest(Guid id, Guid account, RunnableProject project, SavedForRun saved, SessionSource source)
    {
        (IReadOnlyList<SessionFile> files, IReadOnlyList<string> paths) = SavedOverlay.Create(project.Files, saved.Files);
        // Only the owner keeps recordings.
        int seconds = source.Files is null ? recordings.Seconds : 0;
        return new StartSessionRequest(id, account.ToString("N"), project.Entry, files, paths, saved.Bytes, seconds);
    }

    /// <summary>Starts a session at the first Executor that has a place for it.</summary>
    private async Task<(string Place, AcceptedSession Session)> StartAtOneAsync(
        IReadOnlyList<string> places, StartSessionRequest request)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                return (places[i], await executor.StartAsync(places[i], request, CancellationToken.None));
            }
            catch (ProblemException refused) when (RefusalCodes.AnotherMayStart(refused.Code) && i + 1 < places.Count)
            {
                await store.MoveAsync(request.SessionId, places[i + 1], CancellationToken.None);
            }
        }
    }

    private static ProblemException Stopped() =>
        Problem.Conflict("session_stopped", "The game was stopped", "You stopped the game before it began. Press Run to play it.");
}
