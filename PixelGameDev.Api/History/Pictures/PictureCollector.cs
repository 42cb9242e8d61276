using System.IO.Compression;
using PixelGameDev.Api.Sessions.Execution;
using PixelGameDev.Streaming.Codec;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Api.History.Pictures;

/// <summary>Takes the small picture of a game's end from its Executor, and stores it with the revision that ran.</summary>
/// <remarks>
/// A picture is nice to have: when the Executor is gone or the database refuses, the revision has none, and nothing waits or repeats.
/// Several servers may do this at once, because the Executor gives a picture once. The pixels come from a game. Here they become a PNG;
/// nothing decodes them before.
/// </remarks>
internal sealed partial class PictureCollector(
    PictureStore store, RevisionRecorder recorder, ExecutorClient executors, ILogger<PictureCollector> logger)
{
    /// <summary>The longest time to store a picture, so that one project does not hold up the ends of other sessions.</summary>
    private static readonly TimeSpan MaxStoreTime = TimeSpan.FromSeconds(5);

    /// <summary>Takes and stores the picture of a session that has ended. Does not throw if there is none.</summary>
    public async Task CollectAsync(Guid session, string? executor, CancellationToken cancellationToken)
    {
        try
        {
            if (await executors.TakePictureAsync(session, executor, cancellationToken) is not { } picture)
            {
                return;
            }

            if (!picture.IsPossible(picture.Pixels.Length))
            {
                LogNotStored(session, null);
                return;
            }

            // The Executor has it no longer: a request that is given up now must not lose it.
            using CancellationTokenSource limit = new(MaxStoreTime);
            byte[] png = PngPicture.Encode(picture.Width, picture.Height, picture.Pixels, CompressionLevel.Optimal);
            if (await store.FindRunAsync(session, limit.Token) is not { } run)
            {
                return;
            }

            // A program that ends at once may be faster than the recording of its Run. If the person has changed the project meanwhile,
            // the files that ran are in no revision.
            long? revision = run.Revision ?? (run.Unchanged ? await recorder.RecordRunAsync(run.Project, session, limit.Token) : null);
            await store.StoreAsync(run.Project, revision, png, limit.Token);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is: the end of the session is recorded without a picture.
            LogNotStored(session, error);
        }
    }

    [LoggerMessage(LogLevel.Information, "The picture of session {Session} is lost")]
    private partial void LogNotStored(Guid session, Exception? error);
}
