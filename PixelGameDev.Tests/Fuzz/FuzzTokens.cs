using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Tests.Fuzz;

/// <summary>Makes valid tokens for requests that are malformed in other ways.</summary>
internal static class FuzzTokens
{
    /// <summary>Returns a service token with the longest allowed lifetime.</summary>
    public static string Service(string key) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = ServiceToken.Issuer,
            Audience = ServiceToken.Audience,
            Expires = DateTime.UtcNow.AddSeconds(ServiceToken.LifetimeSeconds),
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key)),
                SecurityAlgorithms.HmacSha256),
        });
}
