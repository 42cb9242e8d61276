namespace PixelGameDev.Executor.Operations;

/// <summary>Reports the load of an Executor to an operator.</summary>
/// <param name="Active">The number of sessions that run or start.</param>
/// <param name="Ready">The number of ready sandboxes.</param>
/// <param name="Wanted">The wanted number of ready sandboxes, as far as session places and memory allow.</param>
/// <param name="Draining">Whether the Executor is drained and refuses new sessions.</param>
internal sealed record ExecutorLoad(int Active, int Ready, int Wanted, bool Draining);

/// <summary>Requests warm sandboxes.</summary>
/// <param name="Count">The wanted number of ready sandboxes, 1 to <see cref="MaxCount"/>.</param>
internal sealed record PrewarmRequest(int Count)
{
    public const int MaxCount = 100;
}
