namespace PixelGameDev.Api.Storage;

/// <summary>Limits for the size of files in bytes.</summary>
/// <param name="GuestBytes"><c>GUEST_STORAGE_MB</c>: the limit for a guest.</param>
/// <param name="AccountBytes"><c>ACCOUNT_STORAGE_MB</c>: the limit for a registered account.</param>
/// <param name="InstallationBytes"><c>STORAGE_LIMIT_GB</c>: the limit for all accounts together.</param>
internal sealed record StorageOptions(long GuestBytes, long AccountBytes, long InstallationBytes);
