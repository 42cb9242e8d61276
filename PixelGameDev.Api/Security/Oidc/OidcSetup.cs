using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Security.Oidc;

/// <summary>Registers the framework's handler for a sign-in at an OpenID Connect provider: code flow with PKCE, state and nonce.</summary>
/// <remarks>
/// The provider's tokens are read once and then dropped: the browser gets the same cookie as after a sign-in with a password. The answer
/// comes as a GET, because a form of another site could not carry cookies that are SameSite=Lax.
/// </remarks>
internal static class OidcSetup
{
    public const string SchemeName = "oidc";

    /// <summary>The address that the operator registers at the provider.</summary>
    public const string CallbackPath = "/api/account/oidc/callback";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SignInTime = TimeSpan.FromMinutes(15);

    public static IServiceCollection AddOidc(this IServiceCollection services, OidcOptions? provider, TokenOptions tokens)
    {
        services.AddSingleton<OidcSignIn>();
        services.AddSingleton(new OidcProvider(provider));
        if (provider is not null)
        {
            services.AddAuthentication().AddOpenIdConnect(SchemeName, oidc => Configure(oidc, provider, tokens));
        }

        return services;
    }

    private static void Configure(OpenIdConnectOptions oidc, OidcOptions provider, TokenOptions tokens)
    {
        oidc.Authority = provider.Authority.ToString();
        oidc.ClientId = provider.ClientId;
        oidc.ClientSecret = provider.ClientSecret;
        oidc.CallbackPath = CallbackPath;
        oidc.ResponseType = OpenIdConnectResponseType.Code;
        oidc.ResponseMode = OpenIdConnectResponseMode.Query;
        oidc.UsePkce = true;
        oidc.Scope.Clear();
        oidc.Scope.Add("openid");
        oidc.Scope.Add("profile");
        oidc.MapInboundClaims = false;
        oidc.SaveTokens = false;
        // Some providers tell names only there.
        oidc.GetClaimsFromUserInfoEndpoint = true;
        oidc.ClaimActions.Remove("iss");
        oidc.ClaimActions.MapUniqueJsonKey("preferred_username", "preferred_username");
        oidc.ClaimActions.MapUniqueJsonKey("nickname", "nickname");
        oidc.DisableTelemetry = true;
        // A provider without TLS is for tests on one machine.
        oidc.RequireHttpsMetadata = !provider.Authority.IsLoopback;
        oidc.BackchannelTimeout = Patience;
        oidc.RemoteAuthenticationTimeout = SignInTime;
        oidc.DataProtectionProvider = new StateProtection(tokens.Secret);
        foreach (CookieBuilder cookie in new[] { oidc.CorrelationCookie, oidc.NonceCookie })
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.HttpOnly = true;
        }

        oidc.CorrelationCookie.Name = "pixel_oidc_state.";
        oidc.NonceCookie.Name = "pixel_oidc_nonce.";
        oidc.Events.OnRedirectToIdentityProvider = static context =>
        {
            // At a shared computer the provider may still know the person before.
            context.ProtocolMessage.Prompt = "select_account";
            return Task.CompletedTask;
        };
        oidc.Events.OnTicketReceived = static context => Service(context).FinishAsync(context);
        oidc.Events.OnAccessDenied = static context =>
        {
            context.HandleResponse();
            context.Response.Redirect(OidcSignIn.Failed);
            return Task.CompletedTask;
        };
        oidc.Events.OnRemoteFailure = static context => Service(context).FailAsync(context);
    }

    private static OidcSignIn Service<T>(HandleRequestContext<T> context)
        where T : AuthenticationSchemeOptions => context.HttpContext.RequestServices.GetRequiredService<OidcSignIn>();
}

/// <summary>Holds the provider, if there is one.</summary>
internal sealed record OidcProvider(OidcOptions? Options);
