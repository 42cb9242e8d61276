using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Api.Sessions.Execution;

/// <summary>Creates the tokens that authenticate this server to an Executor; see <see cref="ServiceToken"/>.</summary>
internal sealed class ServiceTokens(ExecutorOptions options, TimeProvider time)
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials _credentials =
        new(new SymmetricSecurityKey(options.Secret), SecurityAlgorithms.HmacSha256);

    /// <summary>Creates a token that is valid for <see cref="ServiceToken.LifetimeSeconds"/> from now.</summary>
    public string Mint()
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = ServiceToken.Issuer,
            Audience = ServiceToken.Audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddSeconds(ServiceToken.LifetimeSeconds),
            SigningCredentials = _credentials,
        });
    }
}
