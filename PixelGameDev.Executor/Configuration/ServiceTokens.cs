using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Executor.Configuration;

/// <summary>Who may talk to the Executor: the holder of a fresh service token, nobody else.</summary>
internal static class ServiceTokens
{
    /// <summary>How far the clocks of Api and Executor may be apart.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(10);

    public static void AddServiceTokens(this IServiceCollection services, ExecutorOptions options)
    {
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(bearer =>
        {
            bearer.MapInboundClaims = false;
            bearer.IncludeErrorDetails = false;
            bearer.TokenValidationParameters = Validation(options.ServiceKey);
        });
        services.AddAuthorization();
    }

    internal static TokenValidationParameters Validation(byte[] key) => new()
    {
        ValidIssuer = ServiceToken.Issuer,
        ValidAudience = ServiceToken.Audience,
        IssuerSigningKey = new SymmetricSecurityKey(key),
        ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        ValidateIssuerSigningKey = true,
        ValidateLifetime = true,
        ClockSkew = ClockSkew,
        LifetimeValidator = IsAlive,
    };

    /// <summary>Neither expired, nor of the future, nor longer-lived than a service token may be.</summary>
    private static bool IsAlive(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return expires is { } end
            && end + ClockSkew > now
            && end - ClockSkew <= now + TimeSpan.FromSeconds(ServiceToken.LifetimeSeconds)
            && (notBefore is not { } start || start - ClockSkew <= now);
    }
}
