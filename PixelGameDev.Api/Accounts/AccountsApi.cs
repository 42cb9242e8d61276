using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using PixelGameDev.Api.Projects;

namespace PixelGameDev.Api.Accounts;

/// <summary>Who am I; a visitor without an account gets a guest's at once.</summary>
internal static class AccountsApi
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<AccountStore>();
        services.AddAuthentication(VisitorAuthenticationHandler.Scheme_)
            .AddScheme<AuthenticationSchemeOptions, VisitorAuthenticationHandler>(VisitorAuthenticationHandler.Scheme_, null);
        services.AddAuthorization();
        return services;
    }

    public static IEndpointRouteBuilder MapAccountsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/me", GetMe)
            .WithTags("Accounts")
            .WithSummary("The person of this browser; creates a guest with a first project when there is none.");
        return routes;
    }

    private static async Task<Ok<Account>> GetMe(
        HttpContext context, AccountStore accounts, TemplateCatalog templates, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.User.TryAccount() is { } account)
        {
            string? text = context.Request.Cookies[VisitorCookie.Name];
            if (VisitorToken.TryHash(text, out byte[] hash) && await accounts.RenewAsync(hash, cancellationToken))
            {
                VisitorCookie.Append(context, new VisitorToken(text!, hash));
            }

            return TypedResults.Ok(account);
        }

        VisitorToken token = VisitorToken.Create();
        Account guest = await accounts.CreateGuestAsync(token, templates.Find(TemplateCatalog.Starter), cancellationToken);
        VisitorCookie.Append(context, token);
        return TypedResults.Ok(guest);
    }
}
