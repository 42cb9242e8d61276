namespace PixelGameDev.Executor.Sessions;

/// <summary>
/// Why a session was not started: HTTP <see cref="Status"/>, a short <see cref="Code"/> for programs, <see cref="Title"/> for people and
/// the exact <see cref="Detail"/>.
/// </summary>
internal sealed record SessionRefusal(int Status, string Code, string Title, string Detail, TimeSpan? RetryAfter = null);

/// <summary>Carries a <see cref="SessionRefusal"/> up to the endpoint.</summary>
internal sealed class SessionRefusedException(SessionRefusal refusal) : Exception(refusal.Detail)
{
    public SessionRefusal Refusal => refusal;
}
