namespace PixelGameDev.Executor.Links;

/// <summary>Why the Executor hung up on a sandbox: <see cref="Reason"/> of the end, exact <see cref="Detail"/> for the operator.</summary>
internal sealed record LinkFault(string Reason, string Detail);
