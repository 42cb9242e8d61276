namespace PixelGameDev.Api.Security;

/// <summary>Holds the rate limits of an account, in requests per minute.</summary>
/// <param name="Enabled"><c>RATE_LIMITS</c>: <c>off</c> for load tests on one's own machine.</param>
/// <param name="Runs"><c>RUNS_PER_MINUTE</c>: starts of sessions.</param>
/// <param name="Writes"><c>WRITES_PER_MINUTE</c>: saves and other changes of projects.</param>
/// <param name="SignIns"><c>SIGN_INS_PER_MINUTE</c>: sign-ups, sign-ins, tokens and password changes.</param>
/// <param name="Guests"><c>GUESTS_PER_MINUTE</c>: first visits.</param>
/// <param name="Reads"><c>READS_PER_MINUTE</c>: all other requests.</param>
/// <param name="WriteMegabytes">
/// <c>WRITE_MB_PER_MINUTE</c>: megabytes (10⁶ bytes) of saves; the limit of an address is ten times as high.
/// </param>
/// <param name="PeoplePerAddress">
/// <c>PEOPLE_PER_ADDRESS</c>: the factor of an address: it may do as much as this number of accounts.
/// </param>
internal sealed record RateLimitOptions(
    bool Enabled, int Runs, int Writes, int SignIns, int Guests, int Reads, int WriteMegabytes, int PeoplePerAddress)
{
    /// <summary>Returns how often one account may do this in a minute.</summary>
    public int PerMinute(LimitedAction action) => action switch
    {
        LimitedAction.Run => Runs,
        LimitedAction.Write => Writes,
        LimitedAction.SignIn => SignIns,
        LimitedAction.NewGuest => Guests,
        LimitedAction.Read => Reads,
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };
}
