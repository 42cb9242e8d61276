using System.Net;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Sessions.Execution;

/// <content>Disconnects people who watch by an invitation.</content>
internal sealed partial class ExecutorClient
{
    /// <summary>
    /// Disconnects those who watch a session by this invitation or an earlier one, and lets nobody in by them from now on. Does nothing if
    /// no Executor knows the session.
    /// </summary>
    /// <exception cref="ProblemException">503: an Executor that may have the session does not answer.</exception>
    public async Task CloseWatchersAsync(Guid id, string? executor, long invitation, CancellationToken cancellationToken)
    {
        foreach (string name in Candidates(executor))
        {
            using HttpRequestMessage message =
                CreateRequest(HttpMethod.Delete, $"/sessions/{id}/watchers?through={invitation}", name);
            using HttpResponseMessage response = await SendAsync(message, AnswerTimeout, cancellationToken);
            if (!response.IsSuccessStatusCode && response.StatusCode != HttpStatusCode.NotFound)
            {
                throw await RefusalAsync(response, cancellationToken);
            }
        }
    }
}
