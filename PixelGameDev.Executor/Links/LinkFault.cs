namespace PixelGameDev.Executor.Links;

/// <summary>
/// The reason why the Executor closed the link to a sandbox: the <see cref="Reason"/> of the end, and the exact <see cref="Detail"/> for
/// the operator.
/// </summary>
internal sealed record LinkFault(string Reason, string Detail);
