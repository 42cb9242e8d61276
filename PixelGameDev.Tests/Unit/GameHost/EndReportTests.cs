using PixelGameDev.GameHost.Game;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Unit.GameHost;

public sealed class EndReportTests
{
    private static readonly EndFacts Plain = new(new ProcessExit(0, null), new GameResult(EndReasons.Finished, 0), true, true, false, false, false, false);

    public static TheoryData<string, string> Cases() => new()
    {
        { "nothing special", EndReasons.Finished },
        { "stopped", EndReasons.Stopped },
        { "stopped, then out of memory", EndReasons.Stopped },
        { "flooded and killed", EndReasons.OutputLimit },
        { "never warm", EndReasons.SandboxLost },
        { "the kernel killed a child for memory", EndReasons.MemoryLimit },
        { "killed from outside", EndReasons.SandboxLost },
        { "killed for memory", EndReasons.MemoryLimit },
        { "segmentation fault", EndReasons.Crashed },
        { "uncaught exception", EndReasons.Crashed },
        { "a forged result", EndReasons.Finished },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_combination_has_one_name(string what, string reason)
    {
        EndFacts facts = what switch
        {
            "stopped" => Plain with { StopAsked = true },
            "stopped, then out of memory" => Plain with { StopAsked = true, OutOfMemory = true },
            "flooded and killed" => Plain with { Exit = new ProcessExit(null, 9), Result = null, Flooded = true, StopAsked = true },
            "never warm" => Plain with { Exit = new ProcessExit(1, null), Result = null, Warm = false, Started = false },
            "the kernel killed a child for memory" => Plain with { OutOfMemory = true },
            "killed from outside" => Plain with { Exit = new ProcessExit(null, 9), Result = null },
            "killed for memory" => Plain with { Exit = new ProcessExit(null, 9), Result = null, OutOfMemory = true },
            "segmentation fault" => Plain with { Exit = new ProcessExit(null, 11), Result = null },
            "uncaught exception" => Plain with { Exit = new ProcessExit(1, null), Result = new GameResult(EndReasons.Crashed, 1) },
            "a forged result" => Plain with { Result = new GameResult("<script>", 0) },
            _ => Plain,
        };
        SessionEnded ended = EndReport.Of(facts);
        Assert.Equal(reason, ended.Reason);
        Assert.False(string.IsNullOrWhiteSpace(ended.Message));
        Assert.False(string.IsNullOrWhiteSpace(ended.Detail));
    }
}
