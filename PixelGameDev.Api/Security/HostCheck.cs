using System.Net;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Security;

/// <summary>
/// Refuses requests that name this server by a host it does not have. Without this, any website can point its own name at a person's
/// machine (DNS rebinding) and is then, for <see cref="OriginCheck"/>, the page itself.
/// </summary>
/// <remarks>
/// <para>An address instead of a name always passes: a browser sends one only when a person opened it, and health checks do.</para>
/// <para>The framework's host filtering reads the same setting but would refuse the address of a health check, so it is switched
/// off.</para>
/// </remarks>
internal sealed class HostCheck
{
    /// <summary>Names separated by semicolons; <c>*.example.org</c> stands for all names below, <c>*</c> for every name.</summary>
    public const string Setting = "ALLOWED_HOSTS";

    /// <summary>The framework's name of the setting, which counts too.</summary>
    public const string FrameworkSetting = "AllowedHosts";

    // Where a proxy named another host, the framework keeps here what the connection itself said.
    private const string OriginalHost = "X-Original-Host";

    private readonly string[] _names;

    public HostCheck(IConfiguration configuration, IHostEnvironment environment)
    {
        string[] given = (configuration[Setting] is { Length: > 0 } own ? own : configuration[FrameworkSetting] ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        _names = given.Length > 0 ? given : environment.IsDevelopment() ? ["localhost", "*.localhost"] : ["*"];
        AllowsEverything = _names.Contains("*");
    }

    /// <summary>True when no name is refused.</summary>
    public bool AllowsEverything { get; }

    /// <summary>True for an address, and for a name that this server has.</summary>
    public bool IsAllowed(string host) =>
        AllowsEverything
        || IPAddress.TryParse(host.Trim('[', ']'), out _)
        || _names.Any(name => name.StartsWith("*.", StringComparison.Ordinal)
            ? host.EndsWith(name[1..], StringComparison.OrdinalIgnoreCase)
            : host.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>True when the request's host is allowed, and the one before a proxy named another.</summary>
    public bool IsAllowed(HttpRequest request) =>
        IsAllowed(request.Host.Host)
        && request.Headers[OriginalHost].All(original => original is null || IsAllowed(new HostString(original).Host));

    public static ProblemException Refusal() => new(
        StatusCodes.Status400BadRequest,
        "unknown_host",
        "This server has another name",
        $"This server does not answer to this name. Its operator lists the names it has in the setting {Setting}.");
}
