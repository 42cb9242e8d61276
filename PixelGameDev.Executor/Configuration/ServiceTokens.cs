using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Executor.Configuration;

/// <summary>Accepts only requests with a valid service token.</summary>
internal static class ServiceTokens
{
    /// <summary>The maximum difference between the clocks of Api and Executor.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(10);

    public static void AddServiceTokens(this IServiceCollection services, ExecutorOptions options)
    {
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(bearer =>
        {
            bearer.MapInboundClaims = false;
            bearer.IncludeErrorDetails = false;
            bearer.TokenValidationParameters = Validation(options.ServiceKey);
        });
        // Authentication adds data protection for cookies, which would store an unused key ring on the disk.
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

    /// <summary>Returns whether a token is valid now and its lifetime is not longer than that of a service token.</summary>
    private static bool IsWithinLifetime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return expires is { } end
            && end + ClockSkew > now
            && end - ClockSkew <= now + TimeSpan.FromSeconds(ServiceToken.LifetimeSeconds)
            && (notBefore is not { } start || start - ClockSkew <= now);
    }
}
