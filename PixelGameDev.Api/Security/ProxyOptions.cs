namespace PixelGameDev.Api.Security;

/// <summary>Names the proxies in front of this server.</summary>
/// <param name="Known"><c>KNOWN_PROXIES</c>: addresses and networks whose forwarded headers are believed, besides loopback.</param>
internal sealed record ProxyOptions(IReadOnlyList<System.Net.IPNetwork> Known);
