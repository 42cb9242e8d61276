using System.Net;
using PixelGameDev.Api.Problems;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Api.Sessions.Execution;

/// <content>Takes the pictures of games that have ended.</content>
internal sealed partial class ExecutorClient
{
    /// <summary>Takes the small picture of a session; null if no Executor has one.</summary>
    /// <exception cref="ProblemException">503: an Executor that may have it does not answer.</exception>
    public async Task<SmallPicture?> TakePictureAsync(Guid id, string? executor, CancellationToken cancellationToken)
    {
        foreach (string name in Candidates(executor))
        {
            using HttpRequestMessage message = CreateRequest(HttpMethod.Delete, $"/sessions/{id}/picture", name);
            using HttpResponseMessage response = await SendAsync(message, AnswerTimeout, cancellationToken);
            if (response.StatusCode != HttpStatusCode.NotFound)
            {
                return await ReadAsync<SmallPicture>(response, cancellationToken);
            }
        }

        return null;
    }
}
