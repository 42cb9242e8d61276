using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace PixelGameDev.Tests.Api;

/// <summary>
/// Runs a real OpenID Connect provider (OpenIddict) in this process. It signs in whoever is <see cref="Person"/>, without asking or on a
/// page of its own.
/// </summary>
internal sealed class OidcServer : IAsyncDisposable
{
    public const string ClientId = "pixelgamedev";
    public const string ClientSecret = "b7Qm3Zt8Xk5Vc9Rn2Yd6";

    private readonly WebApplication _app;

    private OidcServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Who signs in next: the subject, and the name that the provider tells.</summary>
    public (string Subject, string Name) Person { get; set; } = ("1", "ada");

    /// <summary>Whether the person refuses.</summary>
    public bool Refuses { get; set; }

    /// <summary>Whether the provider shows a page with a button to sign in and one to cancel.</summary>
    public bool Asks { get; set; }

    /// <summary>The settings of an Api that uses this provider.</summary>
    public string[] Settings =>
    [
        $"--OIDC_AUTHORITY={Address}", $"--OIDC_CLIENT_ID={ClientId}", $"--OIDC_CLIENT_SECRET={ClientSecret}", "--OIDC_NAME=Owl School",
    ];

    public static async Task<OidcServer> StartAsync()
    {
        OidcServer? server = null;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddOpenIddict().AddServer(options =>
        {
            options.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token").SetUserInfoEndpointUris("userinfo");
            options.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            options.RegisterScopes(Scopes.OpenId, Scopes.Profile);
            options.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
            // Without a store of clients: the handlers below know the only one.
            options.EnableDegradedMode();
            options.UseAspNetCore().DisableTransportSecurityRequirement();
            options.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId
                    || context.RedirectUri?.EndsWith("/api/account/oidc/callback", StringComparison.Ordinal) != true)
                {
                    context.Reject(Errors.InvalidClient);
                }

                return ValueTask.CompletedTask;
            }));
            options.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId || context.ClientSecret != ClientSecret)
                {
                    context.Reject(Errors.InvalidClient);
                }

                return ValueTask.CompletedTask;
            }));
            options.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(async context =>
            {
                HttpRequest request = context.Transaction.GetHttpRequest()!;
                string? answer = request.Query["answer"];
                if (server!.Asks && answer is null)
                {
                    await server.AskAsync(request);
                    context.HandleRequest();
                    return;
                }

                if (server.Refuses || answer == "no")
                {
                    context.Reject(Errors.AccessDenied);
                    return;
                }

                ClaimsIdentity identity = new("test");
                identity.AddClaim(new Claim(Claims.Subject, server.Person.Subject));
                identity.AddClaim(new Claim(Claims.PreferredUsername, server.Person.Name));
                ClaimsPrincipal principal = new(identity);
                principal.SetScopes(context.Request.GetScopes());
                principal.SetDestinations(static claim => [Destinations.AccessToken, Destinations.IdentityToken]);
                context.SignIn(principal);
            }));
            options.AddEventHandler<HandleUserInfoRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                context.Claims[Claims.PreferredUsername] = server!.Person.Name;
                return ValueTask.CompletedTask;
            }));
        });
        WebApplication app = builder.Build();
        app.UseAuthentication();
        server = new OidcServer(app);
        await app.StartAsync();
        // Its first answers may take long on a busy machine, and the Api waits ten seconds for them.
        using HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
        foreach (string path in new[] { ".well-known/openid-configuration", ".well-known/jwks" })
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri(new Uri(app.Urls.First()), path));
            answer.EnsureSuccessStatusCode();
        }

        return server;
    }

    public Task StopAsync() => _app.StopAsync();

    private Task AskAsync(HttpRequest request)
    {
        string address = HtmlEncoder.Default.Encode(request.GetEncodedPathAndQuery());
        request.HttpContext.Response.ContentType = "text/html; charset=utf-8";
        return request.HttpContext.Response.WriteAsync(
            $"""
            <!doctype html><html lang="en"><title>Owl School</title><h1>Owl School</h1>
            <p>PixelGameDev wants to know who you are.</p>
            <p><a href="{address}&amp;answer=yes">Continue as {HtmlEncoder.Default.Encode(Person.Name)}</a></p>
            <p><a href="{address}&amp;answer=no">Cancel</a></p>
            """);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
