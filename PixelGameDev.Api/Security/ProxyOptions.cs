namespace PixelGameDev.Api.Security;

/// <summary>Names the proxies in front of this server.</summary>
/// <param name="Known"><c>KNOWN_PROXIES</c>: addresses and networks whose forwarded headers are trusted, in addition to loopback.</param>
internal sealed record ProxyOptions(IReadOnlyList<System.Net.IPNetwork> Known);
