namespace PixelGameDev.Executor.Operations;

/// <summary>Tells an operator how busy an Executor is.</summary>
/// <param name="Active">Sessions that run or start.</param>
/// <param name="Ready">Sandboxes that wait.</param>
/// <param name="Wanted">How many should wait, as far as places and memory allow.</param>
/// <param name="Draining">True while no new session is taken.</param>
internal sealed record ExecutorLoad(int Active, int Ready, int Wanted, bool Draining);

/// <summary>Asks for warm sandboxes.</summary>
/// <param name="Count">How many should wait, 1 to <see cref="MaxCount"/>.</param>
internal sealed record PrewarmRequest(int Count)
{
    public const int MaxCount = 100;
}
