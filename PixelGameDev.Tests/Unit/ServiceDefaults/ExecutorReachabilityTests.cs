using Microsoft.Extensions.Time.Testing;
using PixelGameDev.Api.Sessions.Execution;

namespace PixelGameDev.Tests.Unit.ServiceDefaults;

public sealed class ExecutorReachabilityTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Silence_lasts_from_the_first_to_the_last_question_that_was_not_answered()
    {
        ExecutorReachability silence = new(_clock);
        for (int question = 0; question < 13; question++)
        {
            silence.RecordFailure("executor");
            _clock.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(TimeSpan.FromSeconds(60), silence.UnreachableFor("executor"));
        Assert.Equal(TimeSpan.Zero, silence.UnreachableFor("executor-2"));
        silence.RecordAnswer("executor");
        Assert.Equal(TimeSpan.Zero, silence.UnreachableFor("executor"));
    }

    [Fact]
    public void An_old_failure_is_no_silence_since_then()
    {
        ExecutorReachability silence = new(_clock);
        silence.RecordFailure("executor");
        _clock.Advance(TimeSpan.FromHours(1));
        silence.RecordFailure("executor");
        Assert.Equal(TimeSpan.Zero, silence.UnreachableFor("executor"));
    }
}
