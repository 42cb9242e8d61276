using PixelGameDev.Api.History.Pictures;
using PixelGameDev.Api.SavedFiles;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Api.Sessions.Records;

/// <summary>
/// Records what an Executor reports of its sessions: first the files that their games have written, then their state, then their last
/// pictures.
/// </summary>
/// <remarks>The end of a session whose files could not be fetched is not recorded, so that the next round tries again.</remarks>
internal sealed class SessionRecorder(SessionStore store, SavedFileCollector files, PictureCollector pictures)
{
    /// <inheritdoc cref="SessionStore.UpdateAsync"/>
    public async Task RecordAsync(
        IReadOnlyList<SessionInfo> sessions, string? executor, string? incarnation, CancellationToken cancellationToken)
    {
        bool[] collected = await Task.WhenAll(sessions.Select(session => session.SavedChanges == 0
            ? Task.FromResult(true) : files.CollectAsync(session, executor, cancellationToken)));
        await store.UpdateAsync(
            [.. sessions.Where((session, index) => collected[index] || session.EndedAt is null)], executor, incarnation, cancellationToken);
        // Asking again after the end is recorded does no harm: the Executor gives a picture once.
        await Task.WhenAll(sessions.Where(static session => session is { HasPicture: true, EndedAt: not null })
            .Select(session => pictures.CollectAsync(session.SessionId, executor, cancellationToken)));
    }
}
