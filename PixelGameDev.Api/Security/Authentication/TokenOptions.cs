namespace PixelGameDev.Api.Security.Authentication;

/// <summary>Holds the secret that signs access tokens and device cookies.</summary>
/// <param name="Secret"><c>JWT_SECRET</c>; at least 32 bytes.</param>
internal sealed record TokenOptions(byte[] Secret);
