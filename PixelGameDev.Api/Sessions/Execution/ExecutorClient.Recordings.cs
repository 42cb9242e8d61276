using System.Net;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Sessions.Execution;

/// <content>Reads and begins recordings of sessions.</content>
internal sealed partial class ExecutorClient
{
    /// <summary>Reads the file of what is recorded of a session; null if no Executor has a recording.</summary>
    /// <exception cref="ProblemException">503: an Executor that may have it does not answer.</exception>
    public async Task<byte[]?> ReadRecordingAsync(Guid id, string? executor, CancellationToken cancellationToken)
    {
        foreach (string name in Candidates(executor))
        {
            using HttpRequestMessage message = CreateRequest(HttpMethod.Get, $"/sessions/{id}/recording", name);
            using HttpResponseMessage response = await SendAsync(message, AnswerTimeout, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return await response.Content.ReadAsByteArrayAsync(cancellationToken);
            }

            if (response.StatusCode != HttpStatusCode.NotFound)
            {
                throw await RefusalAsync(response, cancellationToken);
            }
        }

        return null;
    }

    /// <summary>Begins a new recording of a session; false if it has ended, is not recorded, or no Executor knows it.</summary>
    /// <exception cref="ProblemException">503: an Executor that may have the session does not answer.</exception>
    public async Task<bool> RestartRecordingAsync(Guid id, string? executor, CancellationToken cancellationToken)
    {
        foreach (string name in Candidates(executor))
        {
            using HttpRequestMessage message = CreateRequest(HttpMethod.Post, $"/sessions/{id}/recording", name);
            using HttpResponseMessage response = await SendAsync(message, AnswerTimeout, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return true;
            }

            if (response.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.MethodNotAllowed))
            {
                throw await RefusalAsync(response, cancellationToken);
            }
        }

        return false;
    }
}
