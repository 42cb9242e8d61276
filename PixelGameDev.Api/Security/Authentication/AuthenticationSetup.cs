using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using PixelGameDev.Api.Accounts;

namespace PixelGameDev.Api.Security.Authentication;

/// <summary>Registers the two ways in which a request says whose it is: the cookie of a browser and the token of a program.</summary>
internal static class AuthenticationSetup
{
    /// <summary>Policy of what only an admin may do.</summary>
    public const string AdminPolicy = "admin";

    // Chooses between the cookie and the token; never both for one request.
    private const string PersonScheme = "person";

    public static IServiceCollection AddPersonAuthentication(this IServiceCollection services)
    {
        services.AddSingleton<DeviceCookie>();
        services.AddSingleton<AccessTokens>();
        services.AddAuthentication(PersonScheme)
            .AddPolicyScheme(PersonScheme, null, scheme => scheme.ForwardDefaultSelector = context =>
                AccessTokens.IsUsedBy(context.Request) ? AccessTokens.Scheme : VisitorAuthenticationHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, VisitorAuthenticationHandler>(VisitorAuthenticationHandler.SchemeName, null)
            .AddJwtBearer();
        services.AddOptions<JwtBearerOptions>(AccessTokens.Scheme).Configure<AccessTokens>((bearer, tokens) => tokens.Configure(bearer));
        services.AddAuthorizationBuilder().AddPolicy(AdminPolicy, policy => policy.RequireRole(Roles.Admin));
        return services;
    }
}
