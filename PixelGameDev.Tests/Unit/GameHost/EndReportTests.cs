using PixelGameDev.GameHost.Game;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Unit.GameHost;

public sealed class EndReportTests
{
    private static readonly EndFacts Plain =
        new(new ProcessExit(0, null), new GameResult(EndReasons.Finished, 0), true, true, false, false, Flood.None, false);

    public static TheoryData<string, string> Cases() => new()
    {
        { "nothing special", EndReasons.Finished },
        { "stopped", EndReasons.Stopped },
        { "stopped, then out of memory", EndReasons.Stopped },
        { "flooded and killed", EndReasons.OutputLimit },
        { "asked and killed", EndReasons.OutputLimit },
        { "a full directory", EndReasons.DiskLimit },
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
            "flooded and killed" => Plain with { Exit = new ProcessExit(null, 9), Result = null, Flood = Flood.Printing, StopAsked = true },
            "asked and killed" => Plain with { Exit = new ProcessExit(null, 9), Result = null, Flood = Flood.Asking },
            "a full directory" => Plain with { Exit = new ProcessExit(null, 9), Result = null, Started = false, ProjectDoesNotFit = true },
            "never warm" => Plain with { Exit = new ProcessExit(1, null), Result = null, Warm = false, Started = false },
            "the kernel killed a child for memory" => Plain with { OutOfMemory = true },
            "killed from outside" => Plain with { Exit = new ProcessExit(null, 9), Result = null },
            "killed for memory" => Plain with { Exit = new ProcessExit(null, 9), Result = null, OutOfMemory = true },
            "segmentation fault" => Plain with { Exit = new ProcessExit(null, 11), Result = null },
            "uncaught exception" => Plain with { Exit = new ProcessExit(1, null), Result = new GameResult(EndReasons.Crashed, 1) },
            "a forged result" => Plain with { Result = new GameResult("<script>", 0) },
            _ => Plain,
        };
        SessionEnded ended = EndReport.Create(facts);
        Assert.Equal(reason, ended.Reason);
        Assert.False(string.IsNullOrWhiteSpace(ended.Message));
        Assert.False(string.IsNullOrWhiteSpace(ended.Detail));
    }

    [Fact]
    public void A_game_that_asks_without_end_is_not_told_that_it_prints()
    {
        SessionEnded ended = EndReport.Create(Plain with { Flood = Flood.Asking });
        Assert.Contains("input()", ended.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("print", ended.Message, StringComparison.Ordinal);
    }
}
