using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Security.Authentication;

/// <summary>
/// Creates and validates the tokens of programs that use this API without a cookie: JWT, HS256 with <c>JWT_SECRET</c>. A token contains the
/// account and its token generation. Name and role are read from the database at each request, so changes take effect immediately.
/// </summary>
internal sealed class AccessTokens(TokenOptions options, TimeProvider time)
{
    public const string SchemeName = JwtBearerDefaults.AuthenticationScheme;
    public const string Issuer = "pixelgamedev";
    public const string Audience = "pixelgamedev-api";

    /// <summary>The lifetime of a token in seconds.</summary>
    public const int LifetimeSeconds = 3600;

    private const string Generation = "gen";
    private const string StreamParameter = "access_token";

    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SymmetricSecurityKey _key = new(options.Secret);

    /// <summary>Returns true for a request with a token; a cookie of the same request is ignored.</summary>
    public static bool IsUsedBy(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Returns true for a stream whose address has the token. A page inside of another website has no cookie, and a browser cannot add a
    /// header to a WebSocket. No other request may bring a token in its address.
    /// </summary>
    public static bool IsInStreamAddress(HttpRequest request) => request.Query.ContainsKey(StreamParameter)
        && request.Path.StartsWithSegments("/api/sessions", StringComparison.OrdinalIgnoreCase)
        && request.Path.Value!.EndsWith("/stream", StringComparison.OrdinalIgnoreCase);

    public AccessToken Mint(Guid account, int generation)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        string token = _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddSeconds(LifetimeSeconds),
            Claims = new Dictionary<string, object> { [JwtRegisteredClaimNames.Sub] = account.ToString(), [Generation] = generation },
            SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.HmacSha256),
        });
        return new AccessToken(token, "Bearer", LifetimeSeconds);
    }

    public void Configure(JwtBearerOptions bearer)
    {
        bearer.MapInboundClaims = false;
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = Audience,
            IssuerSigningKey = _key,
            // Fixed, so that neither "none" nor another algorithm with the same key is accepted.
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ClockSkew = ClockSkew,
            LifetimeValidator = IsInForce,
        };
        bearer.Events = new JwtBearerEvents
        {
            OnMessageReceived = context =>
            {
                context.Token = IsInStreamAddress(context.Request) ? context.Request.Query[StreamParameter].ToString() : null;
                return Task.CompletedTask;
            },
            OnTokenValidated = FindAccountAsync,
            OnChallenge = context =>
            {
                context.HandleResponse();
                context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
                return ProblemHandling.WriteAsync(context.HttpContext, InvalidToken());
            },
            OnForbidden = context => ProblemHandling.WriteAsync(context.HttpContext, SignInCookieHandler.Forbidden()),
        };
    }

    public static ProblemException InvalidToken() => new(
        StatusCodes.Status401Unauthorized, "bad_token", "Not signed in",
        "The access token is wrong or has run out. Get a new one with POST /api/account/token.");

    private bool IsInForce(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        return expires is { } end && now < end + ClockSkew && (notBefore is not { } start || now >= start - ClockSkew);
    }

    private static async Task FindAccountAsync(TokenValidatedContext context)
    {
        AccountStore accounts = context.HttpContext.RequestServices.GetRequiredService<AccountStore>();
        Account? account =
            Guid.TryParse(context.Principal?.FindFirstValue(JwtRegisteredClaimNames.Sub), out Guid id)
            && int.TryParse(context.Principal.FindFirstValue(Generation), NumberStyles.None, CultureInfo.InvariantCulture,
                out int generation)
                ? await accounts.FindByIdAsync(id, generation, context.HttpContext.RequestAborted)
                : null;
        if (account is null)
        {
            context.Fail("There is no such account, or its tokens have been withdrawn.");
            return;
        }

        context.Principal = account.ToPrincipal(SchemeName);
    }
}
