using PixelGameDev.Api.Security;

namespace PixelGameDev.Api.Configuration;

/// <summary>How often a person may do something, times a minute.</summary>
/// <param name="Runs"><c>RUNS_PER_MINUTE</c></param>
/// <param name="Writes"><c>WRITES_PER_MINUTE</c>: saves and other changes of projects.</param>
/// <param name="SignIns"><c>SIGN_INS_PER_MINUTE</c>: sign-ups, sign-ins, tokens, new passwords.</param>
/// <param name="Guests"><c>GUESTS_PER_MINUTE</c>: first visits.</param>
/// <param name="PeoplePerAddress"><c>PEOPLE_PER_ADDRESS</c>: an address may do each of these for so many people.</param>
internal sealed record RateLimitOptions(int Runs, int Writes, int SignIns, int Guests, int PeoplePerAddress)
{
    /// <summary>What one person may do in a minute.</summary>
    public int PerMinute(LimitedAction action) => action switch
    {
        LimitedAction.Run => Runs,
        LimitedAction.Write => Writes,
        LimitedAction.SignIn => SignIns,
        LimitedAction.NewGuest => Guests,
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };
}
