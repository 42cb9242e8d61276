namespace PixelGameDev.Api.Sessions.Execution;

/// <summary>Holds the addresses of the Executors and the settings that they share with this server.</summary>
/// <param name="Secret"><c>EXECUTOR_SECRET_KEY</c>: signs service tokens for the Executor; at least 32 bytes.</param>
/// <param name="Addresses">
/// The addresses of the Executors, resolved by service discovery: one for each service named <c>executor</c>, <c>executor-2</c> …
/// </param>
/// <param name="MaxSessionSeconds"><c>MAX_SESSION_TIME</c> in seconds. The Executor enforces it, and the page shows it.</param>
internal sealed record ExecutorOptions(byte[] Secret, IReadOnlyList<Uri> Addresses, int MaxSessionSeconds);
