namespace PixelGameDev.Api.Security;

/// <summary>How often a person may do something, times a minute.</summary>
/// <param name="Enabled"><c>RATE_LIMITS</c>: <c>off</c> for load tests on a machine of one's own.</param>
/// <param name="Runs"><c>RUNS_PER_MINUTE</c></param>
/// <param name="Writes"><c>WRITES_PER_MINUTE</c>: saves and other changes of projects.</param>
/// <param name="SignIns"><c>SIGN_INS_PER_MINUTE</c>: sign-ups, sign-ins, tokens, new passwords.</param>
/// <param name="Guests"><c>GUESTS_PER_MINUTE</c>: first visits.</param>
/// <param name="Reads"><c>READS_PER_MINUTE</c>: everything else.</param>
/// <param name="WriteMegabytes"><c>WRITE_MB_PER_MINUTE</c>: megabytes (10⁶ bytes) of saves; ten times as many for an address.</param>
/// <param name="PeoplePerAddress"><c>PEOPLE_PER_ADDRESS</c>: an address may do each of these for so many people.</param>
internal sealed record RateLimitOptions(
    bool Enabled, int Runs, int Writes, int SignIns, int Guests, int Reads, int WriteMegabytes, int PeoplePerAddress)
{
    /// <summary>What one person may do in a minute.</summary>
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
