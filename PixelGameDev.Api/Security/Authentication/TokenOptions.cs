namespace PixelGameDev.Api.Security.Authentication;

/// <summary>Signs what this server gives to browsers and programs to recognize them by.</summary>
/// <param name="Secret"><c>JWT_SECRET</c>: signs access tokens and device cookies; 32 bytes or more.</param>
internal sealed record TokenOptions(byte[] Secret);
