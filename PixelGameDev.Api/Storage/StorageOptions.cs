namespace PixelGameDev.Api.Storage;

/// <summary>How many bytes people's files may take.</summary>
/// <param name="GuestBytes"><c>GUEST_STORAGE_MB</c>: a person without a password.</param>
/// <param name="AccountBytes"><c>ACCOUNT_STORAGE_MB</c>: a person with one.</param>
/// <param name="InstallationBytes"><c>STORAGE_LIMIT_GB</c>: everybody together.</param>
internal sealed record StorageOptions(long GuestBytes, long AccountBytes, long InstallationBytes);
