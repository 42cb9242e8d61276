using System.Globalization;
using System.Net;
using PixelGameDev.Api.Problems;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Api.Sessions.Execution;

/// <content>Fetches the files that games have written.</content>
internal sealed partial class ExecutorClient
{
    /// <summary>Fetches what a session has changed after a change; null if no Executor knows the session.</summary>
    /// <param name="id">The session.</param>
    /// <param name="executor">Its Executor; null: unknown.</param>
    /// <param name="after">The number of the last change that is stored.</param>
    /// <param name="wait">How long to wait for the end of the session.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ProblemException">503: an Executor that may know it does not answer.</exception>
    public async Task<SavedGameFiles?> ReadSavedAsync(
        Guid id, string? executor, long after, TimeSpan wait, CancellationToken cancellationToken)
    {
        foreach (string name in Candidates(executor))
        {
            string path = string.Create(CultureInfo.InvariantCulture,
                $"/sessions/{id}/saved?after={after}&waitMillis={(int)wait.TotalMilliseconds}");
            using HttpRequestMessage message = CreateRequest(HttpMethod.Get, path, name);
            using HttpResponseMessage response = await SendAsync(message, AnswerTimeout + wait, cancellationToken);
            if (response.StatusCode != HttpStatusCode.NotFound)
            {
                return await ReadAsync<SavedGameFiles>(response, cancellationToken);
            }
        }

        return null;
    }

    /// <summary>Tells a session's Executor that the changes up to a number are stored.</summary>
    /// <exception cref="ProblemException">503</exception>
    public async Task ReleaseSavedAsync(Guid id, string? executor, long through, CancellationToken cancellationToken)
    {
        foreach (string name in Candidates(executor))
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"/sessions/{id}/saved?through={through}");
            using HttpRequestMessage message = CreateRequest(HttpMethod.Delete, path, name);
            using HttpResponseMessage response = await SendAsync(message, AnswerTimeout, cancellationToken);
        }
    }
}
