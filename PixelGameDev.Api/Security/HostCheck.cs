using System.Net;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Security;

/// <summary>
/// Refuses requests with a host name that this server does not have. Otherwise any website could point its own name at this server (DNS
/// rebinding), and <see cref="OriginCheck"/> would take it for the page.
/// </summary>
/// <remarks>
/// <para>An IP address always passes: a browser sends one only if a person opened it, and health checks use one.</para>
/// <para>The framework's host filtering uses the same setting, but would refuse the address of a health check. So it is switched
/// off.</para>
/// </remarks>
internal sealed class HostCheck
{
    /// <summary>The names, separated by semicolons. <c>*.example.org</c> stands for all subdomains, <c>*</c> for every name.</summary>
    public const string Setting = "ALLOWED_HOSTS";

    /// <summary>The framework's name of the setting, which is also read.</summary>
    public const string FrameworkSetting = "AllowedHosts";

    // If a proxy sends another host, the framework stores the original one in this header.
    private const string OriginalHost = "X-Original-Host";

    private readonly string[] _names;

    public HostCheck(IConfiguration configuration, IHostEnvironment environment)
    {
        string[] given = (configuration[Setting] is { Length: > 0 } own ? own : configuration[FrameworkSetting] ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        _names = given.Length > 0 ? given : environment.IsDevelopment() ? ["localhost", "*.localhost"] : ["*"];
        AllowsEverything = _names.Contains("*");
    }

    /// <summary>Returns true when every name is allowed.</summary>
    public bool AllowsEverything { get; }

    /// <summary>Returns true for an IP address and for a name that this server has.</summary>
    public bool IsAllowed(string host) =>
        AllowsEverything
        || IPAddress.TryParse(host.Trim('[', ']'), out _)
        || _names.Any(name => name.StartsWith("*.", StringComparison.Ordinal)
            ? host.EndsWith(name[1..], StringComparison.OrdinalIgnoreCase)
            : host.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns true when the request's host and, behind a proxy, the original host are allowed.</summary>
    public bool IsAllowed(HttpRequest request) =>
        IsAllowed(request.Host.Host)
        && request.Headers[OriginalHost].All(original => original is null || IsAllowed(new HostString(original).Host));

    public static ProblemException Refusal() => new(
        StatusCodes.Status400BadRequest,
        "unknown_host",
        "This server has another name",
        $"This server does not answer to this name. Its operator lists the names it has in the setting {Setting}.");
}
