namespace PixelGameDev.Executor.Sessions;

/// <summary>
/// The reason why a session was not started: HTTP <see cref="Status"/>, a short <see cref="Code"/> for programs, a <see cref="Title"/> for
/// people, and the exact <see cref="Detail"/>.
/// </summary>
internal sealed record SessionRefusal(int Status, string Code, string Title, string Detail, TimeSpan? RetryAfter = null);

/// <summary>Carries a <see cref="SessionRefusal"/> to the endpoint.</summary>
internal sealed class SessionRefusedException(SessionRefusal refusal) : Exception(refusal.Detail)
{
    public SessionRefusal Refusal => refusal;

    /// <summary>Returns a refusal with status 503, after which a retry makes sense.</summary>
    public static SessionRefusedException Unavailable(string code, string title, string detail, int retrySeconds) => new(
        new SessionRefusal(StatusCodes.Status503ServiceUnavailable, code, title, detail, TimeSpan.FromSeconds(retrySeconds)));
}
