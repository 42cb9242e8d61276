using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using PixelGameDev.Api.Accounts;

namespace PixelGameDev.Api.Security.Authentication;

/// <summary>Registers the two authentication schemes: the cookie of a browser and the token of a program.</summary>
internal static class AuthenticationSetup
{
    /// <summary>The policy of endpoints for admins.</summary>
    public const string AdminPolicy = "admin";

    /// <summary>The policy of endpoints for admins and teachers.</summary>
    public const string StaffPolicy = "staff";

    // Selects the cookie or the token; never both for one request.
    private const string AccountScheme = "person";

    public static IServiceCollection AddAccountAuthentication(this IServiceCollection services)
    {
        services.AddSingleton<DeviceCookie>();
        services.AddSingleton<AccessTokens>();
        services.AddAuthentication(AccountScheme)
            .AddPolicyScheme(AccountScheme, null, scheme => scheme.ForwardDefaultSelector = context =>
                AccessTokens.IsUsedBy(context.Request) || AccessTokens.IsInStreamAddress(context.Request)
                    ? AccessTokens.SchemeName : SignInCookieHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, SignInCookieHandler>(SignInCookieHandler.SchemeName, null)
            .AddJwtBearer();
        services.AddOptions<JwtBearerOptions>(AccessTokens.SchemeName)
            .Configure<AccessTokens>((bearer, tokens) => tokens.Configure(bearer));
        services.AddAuthorizationBuilder()
            .AddPolicy(AdminPolicy, policy => policy.RequireRole(Roles.Admin))
            .AddPolicy(StaffPolicy, policy => policy.RequireRole(Roles.Admin, Roles.Teacher));
        return services;
    }
}
