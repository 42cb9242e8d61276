using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Tests.Fuzz;

/// <summary>Good tokens for requests that are bad in other ways.</summary>
internal static class FuzzTokens
{
    /// <summary>A service token that lives as long as one may.</summary>
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
