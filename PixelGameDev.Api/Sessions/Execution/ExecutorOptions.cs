namespace PixelGameDev.Api.Sessions.Execution;

/// <summary>Says where the Executors are, and what they and this server agree on.</summary>
/// <param name="Secret"><c>EXECUTOR_SECRET_KEY</c>: signs service tokens to the Executor; 32 bytes or more.</param>
/// <param name="Addresses">
/// Addresses of the Executors, resolved by service discovery: one for each service called <c>executor</c>, <c>executor-2</c> …
/// </param>
/// <param name="MaxSessionSeconds"><c>MAX_SESSION_TIME</c>, seconds; the Executor enforces it, the page shows it.</param>
internal sealed record ExecutorOptions(byte[] Secret, IReadOnlyList<Uri> Addresses, int MaxSessionSeconds);
