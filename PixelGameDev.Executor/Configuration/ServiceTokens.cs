using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Executor.Configuration;

/// <summary>Admits only the holder of a fresh service token to the Executor.</summary>
internal static class ServiceTokens
{
    /// <summary>How far the clocks of Api and Executor may differ.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(10);

    public static void AddServiceTokens(this IServiceCollection services, ExecutorOptions options)
    {
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(bearer =>
        {
            bearer.MapInboundClaims = false;
            bearer.IncludeErrorDetails = false;
            bearer.TokenValidationParameters = Validation(options.ServiceKey);
        });
        // It brings data protection along, which is for cookies: here it would make a key ring on the disk that nobody reads.
        foreach (ServiceDescriptor service in services.Where(static service => IsDataProtection(service.ServiceType)
            || IsDataProtection(service.ImplementationType)).ToList())
        {
            services.Remove(service);
        }

        services.AddAuthorization();
    }

    private static bool IsDataProtection(Type? type) =>
        type?.Namespace?.StartsWith("Microsoft.AspNetCore.DataProtection", StringComparison.Ordinal) == true;

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
        LifetimeValidator = IsWithinLifetime,
    };

    /// <summary>Returns whether a token is valid now and lives no longer than a service token may.</summary>
    private static bool IsWithinLifetime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return expires is { } end
            && end + ClockSkew > now
            && end - ClockSkew <= now + TimeSpan.FromSeconds(ServiceToken.LifetimeSeconds)
            && (notBefore is not { } start || start - ClockSkew <= now);
    }
}
